-- A backfill is a run of a channel's without a conversation. What it puts in line names it.
ALTER TABLE "run" DROP CONSTRAINT "run_kind_known";
ALTER TABLE "run" ADD CONSTRAINT "run_kind_known" CHECK ("kind" IN ('recording', 'analysis', 'meeting', 'recorder', 'video', 'backfill'));
ALTER TABLE "run" DROP CONSTRAINT "run_channel_present";
ALTER TABLE "run" ADD CONSTRAINT "run_channel_present" CHECK (("kind" IN ('video', 'backfill')) = ("channel_id" IS NOT NULL));

ALTER TABLE "run" ADD COLUMN "backfill_id" UUID;
ALTER TABLE "run" ADD CONSTRAINT "run_backfill_id_fkey" FOREIGN KEY ("backfill_id") REFERENCES "run"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "run" ADD CONSTRAINT "run_backfill_of_video" CHECK ("backfill_id" IS NULL OR "kind" = 'video');
CREATE INDEX "run_backfill_id_idx" ON "run"("backfill_id");

CREATE TABLE "backfill" (
    "run_id" UUID NOT NULL,
    "channel_id" UUID NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "number" INTEGER NOT NULL,
    "next_pages" TEXT[] NOT NULL DEFAULT '{}',
    "items_read" INTEGER NOT NULL DEFAULT 0,
    "total_found" INTEGER,
    "queued_at" TIMESTAMPTZ(3),
    CONSTRAINT "backfill_pkey" PRIMARY KEY ("run_id")
);
CREATE UNIQUE INDEX "backfill_channel_id_since_number_key" ON "backfill"("channel_id", "since", "number");
ALTER TABLE "backfill" ADD CONSTRAINT "backfill_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "backfill" ADD CONSTRAINT "backfill_channel_id_fkey" FOREIGN KEY ("channel_id") REFERENCES "channel"("id") ON DELETE CASCADE ON UPDATE CASCADE;
