-- Whether a sender of webhooks reaches this server and signs as it should, for the page that connects it.
CREATE TABLE "webhook_sighting" (
    "sender" TEXT NOT NULL,
    "is_signed" BOOLEAN NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,
    "refusal" TEXT,
    CONSTRAINT "webhook_sighting_pkey" PRIMARY KEY ("sender", "is_signed")
);

-- What workers can bring to calls outside, noted as they start. One row.
CREATE TABLE "call_offer" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "has_stream" BOOLEAN NOT NULL,
    "has_openai" BOOLEAN NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "call_offer_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "call_offer_one_check" CHECK (id = 1)
);
