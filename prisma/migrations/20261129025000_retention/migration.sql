-- What of a channel's files is kept: of how many episodes, and for how many days the files that they were made from.
ALTER TABLE "channel" ADD COLUMN "keep_episodes" INTEGER;
ALTER TABLE "channel" ADD COLUMN "originals_days" INTEGER;
ALTER TABLE "channel" ADD CONSTRAINT "channel_keep_episodes_known" CHECK ("keep_episodes" BETWEEN 1 AND 3000);
ALTER TABLE "channel" ADD CONSTRAINT "channel_originals_days_known" CHECK ("originals_days" BETWEEN 1 AND 3650);

ALTER TABLE "episode" ADD COLUMN "audio_removed_at" TIMESTAMPTZ(3);
ALTER TABLE "episode" ADD COLUMN "oldest_revision" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "recording" ADD COLUMN "original_removed_at" TIMESTAMPTZ(3);
