-- AlterTable
ALTER TABLE "calendar" ADD COLUMN "host" TEXT;

-- Addresses are sealed by the next sync of each calendar; what is shown of them has to stand beside them before.
UPDATE "calendar" SET "host" = lower(substring("url" FROM '^[A-Za-z]+://([^/?#]+)')) WHERE "url" IS NOT NULL;
