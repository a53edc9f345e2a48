-- Since when a run waits for its next turn at work that few can do at a time; its place in line is told by it.
ALTER TABLE "run" ADD COLUMN "waiting_since" TIMESTAMPTZ(3);
CREATE INDEX "run_waiting_since_idx" ON "run" ("waiting_since");
