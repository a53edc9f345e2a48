-- Any web process may take the next part of an upload: what has arrived, who writes and when its sender was last heard
-- of stand in the row. `stored` says where the bytes lie in a bucket; in a folder they lie in the file of the upload.
ALTER TABLE "upload"
  ADD COLUMN "length_bytes" BIGINT,
  ADD COLUMN "arrived_bytes" BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN "stored" JSONB NOT NULL DEFAULT '{}',
  ADD COLUMN "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  ADD COLUMN "lock_holder" UUID,
  ADD COLUMN "lock_until" TIMESTAMPTZ(3),
  ADD COLUMN "lock_wanted" BOOLEAN NOT NULL DEFAULT false;
