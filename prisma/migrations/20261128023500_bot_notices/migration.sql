-- AlterTable
ALTER TABLE "auto_join_preference" ADD COLUMN     "notify_of" JSONB NOT NULL DEFAULT '["meeting_starting", "bot_in_call", "bot_failed"]';

-- AlterTable
ALTER TABLE "notification" ADD COLUMN     "details" JSONB;
