-- How an episode's sound was cut and joined, and how loud it came out. What was made before has none: it is whole.
ALTER TABLE "episode_decision"
    ADD COLUMN "parts" JSONB,
    ADD COLUMN "duration_ms" INTEGER,
    ADD COLUMN "lufs" DOUBLE PRECISION,
    ADD COLUMN "true_peak" DOUBLE PRECISION;
