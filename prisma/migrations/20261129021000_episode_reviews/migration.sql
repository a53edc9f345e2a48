-- A held episode waits for a person until its time is over; then what its channel says becomes of it.
ALTER TABLE "channel" ADD COLUMN "review_days" INTEGER NOT NULL DEFAULT 7;
ALTER TABLE "channel" ADD COLUMN "review_then" TEXT NOT NULL DEFAULT 'wait';
ALTER TABLE "channel" ADD CONSTRAINT "channel_review_days_known" CHECK ("review_days" BETWEEN 1 AND 90);
ALTER TABLE "channel" ADD CONSTRAINT "channel_review_then_known" CHECK ("review_then" IN ('wait', 'publish', 'discard'));

ALTER TABLE "episode" ADD COLUMN "review_until" TIMESTAMPTZ(3);
CREATE INDEX "episode_review_until_idx" ON "episode"("review_until") WHERE "state" = 'held' AND "review_until" IS NOT NULL;

-- What is held already has its time from now on.
UPDATE "episode" SET "review_until" = now() + interval '7 days' WHERE "state" = 'held';
INSERT INTO "outbox" ("id", "kind", "dedupe_key", "partition_key", "payload")
SELECT gen_random_uuid(), 'review.changed', 'review:' || "id" || ':' || "revision" || ':first', 'review:' || "id",
       jsonb_build_object('episodeId', "id", 'revision', "revision")
FROM "episode" WHERE "state" = 'held';
