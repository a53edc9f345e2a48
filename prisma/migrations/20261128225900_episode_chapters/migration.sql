-- The chapters that are in an episode's file, as apps read them beside it. What was made before keeps them in the file alone.
ALTER TABLE "episode_decision" ADD COLUMN "chapters" JSONB;
