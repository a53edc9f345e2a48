-- What people give a channel for all of its episodes: the sound before and after each, and a cover.
CREATE TABLE "channel_file" (
    "id" UUID NOT NULL,
    "channel_id" UUID NOT NULL,
    "owner_id" UUID,
    "kind" TEXT NOT NULL,
    "file_name" TEXT NOT NULL,
    "media_type" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,
    "duration_ms" INTEGER,
    "width" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "channel_file_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "channel_file_kind" CHECK ("kind" IN ('intro', 'outro', 'cover')),
    CONSTRAINT "channel_file_sound" CHECK (("kind" <> 'cover') = ("duration_ms" IS NOT NULL)),
    CONSTRAINT "channel_file_picture" CHECK (("kind" = 'cover') = ("width" IS NOT NULL))
);

CREATE UNIQUE INDEX "channel_file_channel_id_kind_key" ON "channel_file"("channel_id", "kind");
CREATE INDEX "channel_file_owner_id_idx" ON "channel_file"("owner_id");
ALTER TABLE "channel_file" ADD CONSTRAINT "channel_file_channel_id_fkey" FOREIGN KEY ("channel_id") REFERENCES "channel"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "channel_file" ADD CONSTRAINT "channel_file_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;
