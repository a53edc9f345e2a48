-- Whether anybody heard a call, so that silence is told apart from a call that nobody was there to hear.
ALTER TABLE "meeting" ADD COLUMN "heard_at" TIMESTAMPTZ(3), ADD COLUMN "collects_live" BOOLEAN;

-- Of calls before this nobody knows: what came of them stays as it is.
UPDATE "meeting" SET "heard_at" = "started_at" WHERE "agent_generation" > 0;
