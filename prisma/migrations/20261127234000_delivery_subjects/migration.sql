-- A delivery is about a subject of some kind, not always a meeting. The renames keep the rows as they are.

-- AlterTable
ALTER TABLE "webhook_delivery" RENAME COLUMN "meeting_id" TO "subject_id";
ALTER TABLE "webhook_delivery" ADD COLUMN     "subject_kind" TEXT;

-- RenameIndex
ALTER INDEX "webhook_delivery_meeting_id_idx" RENAME TO "webhook_delivery_subject_id_idx";

UPDATE "webhook_delivery" SET "subject_kind" = 'meeting' WHERE "subject_id" IS NOT NULL;

ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_subject_known" CHECK ("subject_kind" IN ('meeting'));
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_subject_whole" CHECK (("subject_kind" IS NULL) = ("subject_id" IS NULL));
