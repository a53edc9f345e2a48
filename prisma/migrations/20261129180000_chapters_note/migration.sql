-- Why an episode's chapters are not its source's own, in words; empty where there is nothing to say.
ALTER TABLE "episode_decision" ADD COLUMN "chapters_note" TEXT NOT NULL DEFAULT '';
