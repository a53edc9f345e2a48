-- AlterTable
ALTER TABLE "analysis" ADD COLUMN     "next_session_prompt" TEXT;

-- CreateTable
CREATE TABLE "agent" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "owner_id" UUID,
    "name" TEXT NOT NULL,
    "instructions" TEXT NOT NULL DEFAULT '',
    "voice" TEXT NOT NULL DEFAULT 'alloy',
    "blueprint_snapshot" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "agent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "meeting" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "agent_id" UUID,
    "provider" TEXT NOT NULL,
    "prompt" TEXT NOT NULL DEFAULT '',
    "progress" JSONB NOT NULL DEFAULT '[]',
    "session_name" TEXT,
    "scheduled_at" TIMESTAMPTZ(3),
    "duration_minutes" INTEGER NOT NULL DEFAULT 30,
    "reminded_at" TIMESTAMPTZ(3),
    "started_at" TIMESTAMPTZ(3),
    "last_started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "left_at" TIMESTAMPTZ(3),
    "cut_off_at" TIMESTAMPTZ(3),
    "admitted_at" TIMESTAMPTZ(3),
    "processing_started_at" TIMESTAMPTZ(3),
    "transcript_collected" BOOLEAN NOT NULL DEFAULT false,
    "agent_state" TEXT NOT NULL DEFAULT 'away',
    "agent_message" TEXT NOT NULL DEFAULT '',
    "agent_generation" INTEGER NOT NULL DEFAULT 0,
    "previous_id" UUID,
    "next_planned_at" TIMESTAMPTZ(3),
    "next_problem" TEXT,
    "audio_key" TEXT,
    "audio_type" TEXT,
    "guest_link_version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "meeting_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "practice_room" (
    "meeting_id" UUID NOT NULL,
    "address" TEXT NOT NULL,
    "holder" TEXT NOT NULL,
    "session_id" UUID NOT NULL,
    "agent_secret" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "practice_room_pkey" PRIMARY KEY ("meeting_id")
);

-- CreateTable
CREATE TABLE "webhook_delivery" (
    "id" UUID NOT NULL,
    "sender" TEXT NOT NULL,
    "dedupe_key" TEXT NOT NULL,
    "meeting_id" UUID,
    "type" TEXT NOT NULL,
    "headers" JSONB NOT NULL DEFAULT '{}',
    "body" BYTEA NOT NULL,
    "occurred_at" TIMESTAMPTZ(3),
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "state" TEXT NOT NULL DEFAULT 'new',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lease_until" TIMESTAMPTZ(3),
    "error" TEXT,
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "agent_workspace_id_created_at_idx" ON "agent"("workspace_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "meeting_workspace_id_idx" ON "meeting"("workspace_id");

-- CreateIndex
CREATE INDEX "meeting_agent_id_idx" ON "meeting"("agent_id");

-- CreateIndex
CREATE INDEX "meeting_previous_id_idx" ON "meeting"("previous_id");

-- CreateIndex
CREATE INDEX "webhook_delivery_meeting_id_idx" ON "webhook_delivery"("meeting_id");

-- CreateIndex
CREATE INDEX "webhook_delivery_received_at_idx" ON "webhook_delivery"("received_at");

-- CreateIndex
CREATE UNIQUE INDEX "webhook_delivery_sender_dedupe_key_key" ON "webhook_delivery"("sender", "dedupe_key");

-- AddForeignKey
ALTER TABLE "agent" ADD CONSTRAINT "agent_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agent" ADD CONSTRAINT "agent_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "meeting" ADD CONSTRAINT "meeting_id_fkey" FOREIGN KEY ("id") REFERENCES "conversation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "meeting" ADD CONSTRAINT "meeting_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "meeting" ADD CONSTRAINT "meeting_agent_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "agent"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "meeting" ADD CONSTRAINT "meeting_previous_id_fkey" FOREIGN KEY ("previous_id") REFERENCES "meeting"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "practice_room" ADD CONSTRAINT "practice_room_meeting_id_fkey" FOREIGN KEY ("meeting_id") REFERENCES "meeting"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Rules that the schema language cannot say.

ALTER TABLE "run" DROP CONSTRAINT "run_kind_known";
ALTER TABLE "run" ADD CONSTRAINT "run_kind_known" CHECK ("kind" IN ('recording', 'analysis', 'meeting'));
ALTER TABLE "agent" ADD CONSTRAINT "agent_name_length" CHECK (char_length("name") BETWEEN 1 AND 200);
ALTER TABLE "meeting" ADD CONSTRAINT "meeting_provider_known" CHECK ("provider" IN ('stream', 'practice'));
ALTER TABLE "meeting" ADD CONSTRAINT "meeting_agent_state_known" CHECK ("agent_state" IN ('away', 'joining', 'present', 'reconnecting', 'failed', 'left'));
ALTER TABLE "meeting" ADD CONSTRAINT "meeting_duration_positive" CHECK ("duration_minutes" BETWEEN 1 AND 1440);
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_sender_known" CHECK ("sender" IN ('stream', 'practice', 'reconcile'));
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_state_known" CHECK ("state" IN ('new', 'done', 'late', 'dead', 'ignored'));
-- The inbox dispatcher's own query: what is due, oldest first.
CREATE INDEX "webhook_delivery_due" ON "webhook_delivery" ("next_at") WHERE "state" = 'new';
