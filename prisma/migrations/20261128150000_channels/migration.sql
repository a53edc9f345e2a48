-- Channels, their videos, and the episodes that videos become.

-- CreateTable
CREATE TABLE "channel" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "owner_id" UUID,
    "source" TEXT NOT NULL,
    "url" TEXT,
    "title" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "image_url" TEXT,
    "site_url" TEXT,
    "language" TEXT,
    "mode" TEXT NOT NULL DEFAULT 'sure',
    "key" TEXT NOT NULL,
    "filters" JSONB NOT NULL DEFAULT '{}',
    "starts_last" INTEGER NOT NULL DEFAULT 0,
    "etag" TEXT,
    "last_modified" TEXT,
    "paused_at" TIMESTAMPTZ(3),
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "checked_at" TIMESTAMPTZ(3),
    "next_check_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lease_until" TIMESTAMPTZ(3),
    "failures" INTEGER NOT NULL DEFAULT 0,
    "failing_since" TIMESTAMPTZ(3),
    "problem" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "channel_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "channel_source_known" CHECK ("source" IN ('feed')),
    CONSTRAINT "channel_mode_known" CHECK ("mode" IN ('sure', 'hold', 'all')),
    CONSTRAINT "channel_address_present" CHECK (("source" = 'feed') = ("url" IS NOT NULL)),
    CONSTRAINT "channel_title_length" CHECK (char_length("title") BETWEEN 1 AND 300)
);

-- CreateTable
CREATE TABLE "video" (
    "id" UUID NOT NULL,
    "channel_id" UUID NOT NULL,
    "external_id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "published_at" TIMESTAMPTZ(3),
    "duration_seconds" DOUBLE PRECISION,
    "page_url" TEXT,
    "media_url" TEXT,
    "media_type" TEXT,
    "media_bytes" BIGINT,
    "image_url" TEXT,
    "state" TEXT NOT NULL DEFAULT 'discovered',
    "reason" TEXT NOT NULL DEFAULT '',
    "queued_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "video_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "video_state_known" CHECK ("state" IN ('discovered', 'waiting', 'skipped', 'queued', 'gone')),
    CONSTRAINT "video_title_length" CHECK (char_length("title") BETWEEN 1 AND 300)
);

-- CreateTable
CREATE TABLE "episode" (
    "id" UUID NOT NULL,
    "channel_id" UUID NOT NULL,
    "video_id" UUID NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "state" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "audio_key" TEXT NOT NULL,
    "audio_type" TEXT NOT NULL,
    "audio_bytes" BIGINT NOT NULL,
    "duration_ms" INTEGER NOT NULL,
    "reason" TEXT NOT NULL DEFAULT '',
    "original_date" TIMESTAMPTZ(3),
    "published_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "episode_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "episode_state_known" CHECK ("state" IN ('held', 'published', 'withdrawn', 'discarded')),
    CONSTRAINT "episode_published_when" CHECK ("state" <> 'published' OR "published_at" IS NOT NULL)
);

CREATE UNIQUE INDEX "channel_key_key" ON "channel"("key");
CREATE INDEX "channel_workspace_id_idx" ON "channel"("workspace_id");
CREATE INDEX "channel_next_check_at_idx" ON "channel"("next_check_at");
CREATE UNIQUE INDEX "video_channel_id_external_id_key" ON "video"("channel_id", "external_id");
CREATE INDEX "video_channel_id_state_idx" ON "video"("channel_id", "state");
CREATE UNIQUE INDEX "episode_video_id_key" ON "episode"("video_id");
CREATE INDEX "episode_channel_id_created_at_idx" ON "episode"("channel_id", "created_at" DESC);

ALTER TABLE "channel" ADD CONSTRAINT "channel_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "channel" ADD CONSTRAINT "channel_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "video" ADD CONSTRAINT "video_channel_id_fkey" FOREIGN KEY ("channel_id") REFERENCES "channel"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "episode" ADD CONSTRAINT "episode_channel_id_fkey" FOREIGN KEY ("channel_id") REFERENCES "channel"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "episode" ADD CONSTRAINT "episode_video_id_fkey" FOREIGN KEY ("video_id") REFERENCES "video"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A video's run belongs to its channel and works on a conversation of the video's id.
ALTER TABLE "run" ADD COLUMN "channel_id" UUID;
ALTER TABLE "run" ADD CONSTRAINT "run_channel_id_fkey" FOREIGN KEY ("channel_id") REFERENCES "channel"("id") ON DELETE CASCADE ON UPDATE CASCADE;
CREATE INDEX "run_channel_id_created_at_idx" ON "run"("channel_id", "created_at" DESC);
ALTER TABLE "run" DROP CONSTRAINT "run_kind_known";
ALTER TABLE "run" ADD CONSTRAINT "run_kind_known" CHECK ("kind" IN ('recording', 'analysis', 'meeting', 'recorder', 'video'));
ALTER TABLE "run" DROP CONSTRAINT "run_conversation_present";
ALTER TABLE "run" ADD CONSTRAINT "run_conversation_present" CHECK ("kind" NOT IN ('recording', 'analysis', 'meeting', 'video') OR "conversation_id" IS NOT NULL);
ALTER TABLE "run" ADD CONSTRAINT "run_channel_present" CHECK (("kind" = 'video') = ("channel_id" IS NOT NULL));
