-- Null: nobody said it, and the speech engine is left to tell.
ALTER TABLE "conversation" ALTER COLUMN "language" DROP NOT NULL;

-- What the worker's speech engine can do, for the pages that offer it. One row.
CREATE TABLE "speech_offer" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "engine" TEXT NOT NULL,
    "languages" JSONB,
    "detects" BOOLEAN NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "speech_offer_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "speech_offer_one_check" CHECK (id = 1)
);
