-- AlterTable
ALTER TABLE "calendar" ADD COLUMN     "account_id" UUID,
ADD COLUMN     "cursor" TEXT,
ADD COLUMN     "remote_id" TEXT;

-- CreateTable
CREATE TABLE "calendar_account" (
    "id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "refresh_token" TEXT NOT NULL,
    "access_token" TEXT,
    "access_until" TIMESTAMPTZ(3),
    "needs_consent_since" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "calendar_account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "calendar_consent" (
    "id" UUID NOT NULL,
    "state_hash" TEXT NOT NULL,
    "owner_id" UUID NOT NULL,
    "session_id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "secrets" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "calendar_consent_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "calendar_account_owner_id_provider_subject_key" ON "calendar_account"("owner_id", "provider", "subject");

-- CreateIndex
CREATE UNIQUE INDEX "calendar_consent_state_hash_key" ON "calendar_consent"("state_hash");

-- CreateIndex
CREATE INDEX "calendar_consent_owner_id_idx" ON "calendar_consent"("owner_id");

-- CreateIndex
CREATE UNIQUE INDEX "calendar_account_id_remote_id_key" ON "calendar"("account_id", "remote_id");

-- AddForeignKey
ALTER TABLE "calendar" ADD CONSTRAINT "calendar_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "calendar_account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "calendar_account" ADD CONSTRAINT "calendar_account_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "calendar_consent" ADD CONSTRAINT "calendar_consent_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "calendar" DROP CONSTRAINT "calendar_kind_known";
ALTER TABLE "calendar" ADD CONSTRAINT "calendar_kind_known" CHECK ("kind" IN ('ics', 'file', 'google', 'microsoft'));
ALTER TABLE "calendar" ADD CONSTRAINT "calendar_account_present" CHECK (
  ("kind" IN ('google', 'microsoft')) = ("account_id" IS NOT NULL) AND ("account_id" IS NULL) = ("remote_id" IS NULL)
);
ALTER TABLE "calendar_account" ADD CONSTRAINT "calendar_account_provider_known" CHECK ("provider" IN ('google', 'microsoft'));
ALTER TABLE "calendar_account" ADD CONSTRAINT "calendar_account_sealed" CHECK (
  "refresh_token" LIKE 'sealed:%' AND ("access_token" IS NULL OR "access_token" LIKE 'sealed:%')
);
