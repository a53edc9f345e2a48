-- Addresses of a podcast for one listener each, of which a hash is kept; and podcasts that have no other.
CREATE TABLE "podcast_listener" (
    "id" UUID NOT NULL,
    "channel_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "podcast_listener_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "podcast_listener_name_length" CHECK (char_length("name") BETWEEN 1 AND 100)
);

CREATE UNIQUE INDEX "podcast_listener_token_hash_key" ON "podcast_listener"("token_hash");
CREATE INDEX "podcast_listener_channel_id_idx" ON "podcast_listener"("channel_id");
ALTER TABLE "podcast_listener" ADD CONSTRAINT "podcast_listener_channel_id_fkey" FOREIGN KEY ("channel_id") REFERENCES "channel"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "channel" ADD COLUMN "visibility" TEXT NOT NULL DEFAULT 'public';
ALTER TABLE "channel" ADD CONSTRAINT "channel_visibility" CHECK ("visibility" IN ('public', 'private'));
