-- CreateTable
CREATE TABLE "calendar" (
    "id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "url" TEXT,
    "addresses" JSONB NOT NULL DEFAULT '[]',
    "included" BOOLEAN NOT NULL DEFAULT true,
    "time_zone" TEXT,
    "etag" TEXT,
    "last_modified" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "synced_at" TIMESTAMPTZ(3),
    "expanded_at" TIMESTAMPTZ(3),
    "next_sync_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lease_until" TIMESTAMPTZ(3),
    "failing_since" TIMESTAMPTZ(3),
    "failures" INTEGER NOT NULL DEFAULT 0,
    "problem" TEXT,
    "skipped" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "calendar_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "calendar_content" (
    "calendar_id" UUID NOT NULL,
    "body" BYTEA NOT NULL,
    "sha256" TEXT NOT NULL,

    CONSTRAINT "calendar_content_pkey" PRIMARY KEY ("calendar_id")
);

-- CreateTable
CREATE TABLE "calendar_event" (
    "id" UUID NOT NULL,
    "calendar_id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "uid" TEXT NOT NULL,
    "original_start" TEXT NOT NULL DEFAULT '',
    "title" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "location" TEXT NOT NULL DEFAULT '',
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "is_all_day" BOOLEAN NOT NULL,
    "time_zone" TEXT,
    "is_cancelled" BOOLEAN NOT NULL,
    "is_tentative" BOOLEAN NOT NULL,
    "organizer" TEXT,
    "attendees" JSONB NOT NULL DEFAULT '[]',
    "platform" TEXT,
    "room" TEXT,
    "meeting_url" TEXT,
    "fingerprint" TEXT NOT NULL,
    "join" BOOLEAN NOT NULL DEFAULT false,
    "reason" TEXT NOT NULL,
    "reason_detail" TEXT NOT NULL DEFAULT '',
    "decided_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "reminded_of" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "calendar_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "auto_join_override" (
    "calendar_id" UUID NOT NULL,
    "uid" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "original_start" TEXT NOT NULL DEFAULT '',
    "value" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "auto_join_override_pkey" PRIMARY KEY ("calendar_id","uid","scope","original_start")
);

-- CreateTable
CREATE TABLE "auto_join_preference" (
    "user_id" UUID NOT NULL,
    "auto_record_enabled" BOOLEAN NOT NULL,
    "excluded_keywords" JSONB NOT NULL,
    "required_keywords" JSONB NOT NULL,
    "join_buffer_minutes" INTEGER NOT NULL,
    "meetings" TEXT NOT NULL,
    "only_accepted" BOOLEAN NOT NULL,
    "quiet_hours" JSONB,
    "time_zone" TEXT NOT NULL,
    "bot_name" TEXT NOT NULL,
    "language" TEXT NOT NULL,
    "consent_message" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "auto_join_preference_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "auto_join_log" (
    "id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "calendar_id" UUID NOT NULL,
    "event_id" UUID,
    "title" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "join" BOOLEAN NOT NULL,
    "reason" TEXT NOT NULL,
    "detail" TEXT NOT NULL DEFAULT '',
    "cause" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "auto_join_log_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "calendar_owner_id_idx" ON "calendar"("owner_id");

-- CreateIndex
CREATE INDEX "calendar_next_sync_at_idx" ON "calendar"("next_sync_at");

-- CreateIndex
CREATE INDEX "calendar_event_owner_id_starts_at_id_idx" ON "calendar_event"("owner_id", "starts_at", "id");

-- CreateIndex
CREATE INDEX "calendar_event_starts_at_idx" ON "calendar_event"("starts_at");

-- CreateIndex
CREATE UNIQUE INDEX "calendar_event_calendar_id_uid_original_start_key" ON "calendar_event"("calendar_id", "uid", "original_start");

-- CreateIndex
CREATE INDEX "auto_join_log_owner_id_id_idx" ON "auto_join_log"("owner_id", "id" DESC);

-- CreateIndex
CREATE INDEX "auto_join_log_event_id_idx" ON "auto_join_log"("event_id");

-- CreateIndex
CREATE INDEX "auto_join_log_at_idx" ON "auto_join_log"("at");

-- AddForeignKey
ALTER TABLE "calendar" ADD CONSTRAINT "calendar_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "calendar" ADD CONSTRAINT "calendar_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "calendar_content" ADD CONSTRAINT "calendar_content_calendar_id_fkey" FOREIGN KEY ("calendar_id") REFERENCES "calendar"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "calendar_event" ADD CONSTRAINT "calendar_event_calendar_id_fkey" FOREIGN KEY ("calendar_id") REFERENCES "calendar"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "auto_join_override" ADD CONSTRAINT "auto_join_override_calendar_id_fkey" FOREIGN KEY ("calendar_id") REFERENCES "calendar"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "auto_join_preference" ADD CONSTRAINT "auto_join_preference_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "auto_join_log" ADD CONSTRAINT "auto_join_log_calendar_id_fkey" FOREIGN KEY ("calendar_id") REFERENCES "calendar"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "auto_join_log" ADD CONSTRAINT "auto_join_log_event_id_fkey" FOREIGN KEY ("event_id") REFERENCES "calendar_event"("id") ON DELETE SET NULL ON UPDATE CASCADE;

ALTER TABLE "calendar" ADD CONSTRAINT "calendar_kind_known" CHECK ("kind" IN ('ics', 'file'));
ALTER TABLE "calendar" ADD CONSTRAINT "calendar_address_present" CHECK (("kind" = 'ics') = ("url" IS NOT NULL));
ALTER TABLE "calendar" ADD CONSTRAINT "calendar_name_length" CHECK (char_length("name") BETWEEN 1 AND 300);
ALTER TABLE "calendar_event" ADD CONSTRAINT "calendar_event_in_order" CHECK ("ends_at" >= "starts_at");
ALTER TABLE "calendar_event" ADD CONSTRAINT "calendar_event_place_whole" CHECK (
  ("platform" IS NULL) = ("meeting_url" IS NULL) AND ("room" IS NULL) = ("meeting_url" IS NULL)
);
ALTER TABLE "auto_join_override" ADD CONSTRAINT "auto_join_override_value_known" CHECK ("value" IN ('always', 'never'));
ALTER TABLE "auto_join_override" ADD CONSTRAINT "auto_join_override_scope_known" CHECK (
  "scope" = 'one' OR ("scope" = 'series' AND "original_start" = '')
);
ALTER TABLE "auto_join_preference" ADD CONSTRAINT "auto_join_preference_meetings_known" CHECK ("meetings" IN ('all', 'external', 'internal', 'organised'));
ALTER TABLE "auto_join_preference" ADD CONSTRAINT "auto_join_preference_buffer" CHECK ("join_buffer_minutes" BETWEEN 0 AND 30);
ALTER TABLE "auto_join_log" ADD CONSTRAINT "auto_join_log_cause_known" CHECK ("cause" IN ('sync', 'preferences', 'override', 'calendar'));
