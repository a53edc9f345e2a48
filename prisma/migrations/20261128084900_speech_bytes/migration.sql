-- AlterTable
ALTER TABLE "recording" ADD COLUMN     "speech_bytes" BIGINT;

-- CreateIndex
CREATE INDEX "recording_workspace_id_sha256_idx" ON "recording"("workspace_id", "sha256");
