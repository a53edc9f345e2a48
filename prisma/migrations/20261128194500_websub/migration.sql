-- Subscriptions at the hubs that channels' feeds name (WebSub). One whose channel is gone stays until its hub has heard.
CREATE TABLE "websub_subscription" (
    "id" UUID NOT NULL,
    "channel_id" UUID,
    "hub_url" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "secret" TEXT NOT NULL,
    "pending_until" TIMESTAMPTZ(3),
    "lease_until" TIMESTAMPTZ(3),
    "ask_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "asked" INTEGER NOT NULL DEFAULT 0,
    "problem" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "websub_subscription_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "websub_subscription_channel_id_key" ON "websub_subscription"("channel_id");
CREATE UNIQUE INDEX "websub_subscription_token_key" ON "websub_subscription"("token");
CREATE INDEX "websub_subscription_ask_at_idx" ON "websub_subscription"("ask_at");
ALTER TABLE "websub_subscription" ADD CONSTRAINT "websub_subscription_channel_id_fkey" FOREIGN KEY ("channel_id") REFERENCES "channel"("id") ON DELETE SET NULL ON UPDATE CASCADE;
