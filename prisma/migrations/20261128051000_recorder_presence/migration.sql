-- AlterTable
ALTER TABLE "recorder" ADD COLUMN     "alone_since" TIMESTAMPTZ(3),
ADD COLUMN     "heard_at" TIMESTAMPTZ(3),
ADD COLUMN     "watched_at" TIMESTAMPTZ(3);
