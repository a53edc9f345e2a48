-- What becomes of an episode whose source takes its item back, and whether a person worded an episode anew.
ALTER TABLE "channel" ADD COLUMN "withdraws_deleted" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "episode" ADD COLUMN "edited_at" TIMESTAMPTZ(3);
