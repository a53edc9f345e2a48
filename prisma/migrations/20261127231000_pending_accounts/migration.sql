-- AlterTable
ALTER TABLE "user" ADD COLUMN     "pending" BOOLEAN NOT NULL DEFAULT false;

-- CreateIndex
CREATE INDEX "user_pending_idx" ON "user"("created_at") WHERE "pending";
