-- Stretches of a call that the agent did not hear: from losing its link, or from the call's start, until it was there.
CREATE TABLE "call_absence" (
  "conversation_id" UUID NOT NULL,
  "started_at" TIMESTAMPTZ(3) NOT NULL,
  "ended_at" TIMESTAMPTZ(3),
  "reason" TEXT NOT NULL,
  CONSTRAINT "call_absence_pkey" PRIMARY KEY ("conversation_id", "started_at"),
  CONSTRAINT "call_absence_reason_check" CHECK ("reason" IN ('not_joined', 'gave_up', 'lost', 'restarted', 'died', 'renewed')),
  CONSTRAINT "call_absence_times_check" CHECK ("ended_at" >= "started_at")
);
ALTER TABLE "call_absence" ADD CONSTRAINT "call_absence_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "conversation"("id") ON DELETE CASCADE ON UPDATE CASCADE;
-- One at a time, however often it is told.
CREATE UNIQUE INDEX "call_absence_open_key" ON "call_absence" ("conversation_id") WHERE "ended_at" IS NULL;
CREATE INDEX "call_absence_started_at_idx" ON "call_absence" ("started_at");
