-- CreateTable
CREATE TABLE "calendar_channel" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "calendar_id" UUID,
    "remote_id" TEXT,
    "token_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "calendar_channel_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "calendar_channel_account_id_idx" ON "calendar_channel"("account_id");

-- CreateIndex
CREATE INDEX "calendar_channel_calendar_id_idx" ON "calendar_channel"("calendar_id");

-- AddForeignKey
ALTER TABLE "calendar_channel" ADD CONSTRAINT "calendar_channel_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "calendar_account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "calendar_channel" ADD CONSTRAINT "calendar_channel_calendar_id_fkey" FOREIGN KEY ("calendar_id") REFERENCES "calendar"("id") ON DELETE SET NULL ON UPDATE CASCADE;
