-- A source that all channels of its kind share: how often it is asked, and until when not at all.
CREATE TABLE "source_gate" (
    "source" TEXT NOT NULL,
    "next_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "blocked_until" TIMESTAMPTZ(3),
    "blocks" INTEGER NOT NULL DEFAULT 0,
    "reason" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "source_gate_pkey" PRIMARY KEY ("source")
);
