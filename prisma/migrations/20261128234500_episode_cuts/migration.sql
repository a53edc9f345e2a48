-- Another cut of an episode is a run of its channel's without a conversation.
ALTER TABLE "run" DROP CONSTRAINT "run_kind_known";
ALTER TABLE "run" ADD CONSTRAINT "run_kind_known" CHECK ("kind" IN ('recording', 'analysis', 'meeting', 'recorder', 'video', 'backfill', 'cut'));
ALTER TABLE "run" DROP CONSTRAINT "run_channel_present";
ALTER TABLE "run" ADD CONSTRAINT "run_channel_present" CHECK (("kind" IN ('video', 'backfill', 'cut')) = ("channel_id" IS NOT NULL));

CREATE TABLE "episode_cut" (
    "run_id" UUID NOT NULL,
    "episode_id" UUID NOT NULL,
    "revision" INTEGER NOT NULL,
    "start_ms" INTEGER NOT NULL,
    "end_ms" INTEGER NOT NULL,
    CONSTRAINT "episode_cut_pkey" PRIMARY KEY ("run_id")
);
CREATE UNIQUE INDEX "episode_cut_episode_id_revision_key" ON "episode_cut"("episode_id", "revision");
ALTER TABLE "episode_cut" ADD CONSTRAINT "episode_cut_stretch" CHECK ("start_ms" >= 0 AND "end_ms" > "start_ms");
ALTER TABLE "episode_cut" ADD CONSTRAINT "episode_cut_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "episode_cut" ADD CONSTRAINT "episode_cut_episode_id_fkey" FOREIGN KEY ("episode_id") REFERENCES "episode"("id") ON DELETE CASCADE ON UPDATE CASCADE;
