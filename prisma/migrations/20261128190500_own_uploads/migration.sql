-- Channels of files that people put into them themselves.
ALTER TABLE "channel"
    DROP CONSTRAINT "channel_source_known",
    ADD CONSTRAINT "channel_source_known" CHECK ("source" IN ('feed', 'upload'));

-- The recording whose file is to become the video's; once it has its own, it stands without it.
ALTER TABLE "video" ADD COLUMN "recording_id" UUID;
ALTER TABLE "video" ADD CONSTRAINT "video_recording_id_fkey"
    FOREIGN KEY ("recording_id") REFERENCES "recording"("id") ON DELETE SET NULL ON UPDATE CASCADE;
CREATE INDEX "video_recording_id_idx" ON "video"("recording_id");
