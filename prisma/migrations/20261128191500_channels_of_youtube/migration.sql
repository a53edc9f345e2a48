-- Channels of YouTube, and videos that are known before they are whole.
ALTER TABLE "channel" DROP CONSTRAINT "channel_source_known";
ALTER TABLE "channel" ADD CONSTRAINT "channel_source_known" CHECK ("source" IN ('feed', 'upload', 'youtube'));
ALTER TABLE "channel" DROP CONSTRAINT "channel_address_present";
ALTER TABLE "channel" ADD CONSTRAINT "channel_address_present" CHECK (("source" <> 'upload') = ("url" IS NOT NULL));
ALTER TABLE "video" ADD COLUMN "not_yet" TEXT;
