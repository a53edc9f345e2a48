-- CreateTable
CREATE TABLE "known_address" (
    "user_id" UUID NOT NULL,
    "address" TEXT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "known_address_pkey" PRIMARY KEY ("user_id","address")
);

-- CreateIndex
CREATE INDEX "known_address_seen_at_idx" ON "known_address"("seen_at");

-- AddForeignKey
ALTER TABLE "known_address" ADD CONSTRAINT "known_address_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;
