-- AlterTable
ALTER TABLE "recorder" ADD COLUMN     "dismissed_for" TEXT;

-- The reasons for which Convene itself sends a bot out (domain/bot.ts).
ALTER TABLE "recorder" ADD CONSTRAINT "recorder_dismissal_known" CHECK ("dismissed_for" IN ('stopped', 'unwanted', 'alone', 'silent', 'too_long'));
