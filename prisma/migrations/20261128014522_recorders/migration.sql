-- CreateTable
CREATE TABLE "recorder" (
    "id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "owner_id" UUID,
    "title" TEXT NOT NULL,
    "platform" TEXT NOT NULL,
    "room" TEXT NOT NULL,
    "meeting_url" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3),
    "generation" INTEGER NOT NULL DEFAULT 1,
    "join_at" TIMESTAMPTZ(3) NOT NULL,
    "bot_name" TEXT NOT NULL,
    "language" TEXT NOT NULL,
    "consent_message" TEXT NOT NULL,
    "provider" TEXT,
    "bot_id" TEXT,
    "bot_state" TEXT,
    "bot_reason" TEXT,
    "bot_detail" TEXT NOT NULL DEFAULT '',
    "bot_state_at" TIMESTAMPTZ(3),
    "requested_at" TIMESTAMPTZ(3),
    "joined_at" TIMESTAMPTZ(3),
    "left_at" TIMESTAMPTZ(3),
    "stopped_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "recorder_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "recorder_watch" (
    "recorder_id" UUID NOT NULL,
    "event_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "recorder_watch_pkey" PRIMARY KEY ("recorder_id","event_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "recorder_run_id_key" ON "recorder"("run_id");

-- CreateIndex
CREATE UNIQUE INDEX "recorder_workspace_id_platform_room_starts_at_generation_key" ON "recorder"("workspace_id", "platform", "room", "starts_at", "generation");

-- CreateIndex
CREATE INDEX "recorder_watch_event_id_idx" ON "recorder_watch"("event_id");

-- AddForeignKey
ALTER TABLE "recorder" ADD CONSTRAINT "recorder_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "recorder" ADD CONSTRAINT "recorder_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "recorder" ADD CONSTRAINT "recorder_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "recorder_watch" ADD CONSTRAINT "recorder_watch_recorder_id_fkey" FOREIGN KEY ("recorder_id") REFERENCES "recorder"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "recorder_watch" ADD CONSTRAINT "recorder_watch_event_id_fkey" FOREIGN KEY ("event_id") REFERENCES "calendar_event"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "run" DROP CONSTRAINT "run_kind_known";
ALTER TABLE "run" ADD CONSTRAINT "run_kind_known" CHECK ("kind" IN ('recording', 'analysis', 'meeting', 'recorder'));
ALTER TABLE "webhook_delivery" DROP CONSTRAINT "webhook_delivery_sender_known";
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_sender_known" CHECK ("sender" IN ('stream', 'practice', 'reconcile', 'attendee'));
ALTER TABLE "webhook_delivery" DROP CONSTRAINT "webhook_delivery_subject_known";
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_subject_known" CHECK ("subject_kind" IN ('meeting', 'recorder'));

ALTER TABLE "recorder" ADD CONSTRAINT "recorder_title_length" CHECK (char_length("title") BETWEEN 1 AND 300);
ALTER TABLE "recorder" ADD CONSTRAINT "recorder_generation_counts" CHECK ("generation" >= 1);
ALTER TABLE "recorder" ADD CONSTRAINT "recorder_bot_whole" CHECK (("bot_id" IS NULL) = ("bot_state" IS NULL));
ALTER TABLE "recorder" ADD CONSTRAINT "recorder_bot_state_known" CHECK ("bot_state" IN ('requested', 'joining', 'waiting_room', 'in_call', 'recording', 'leaving', 'processing', 'ended', 'failed'));
