-- What is judged of a video before its episode is made. Episodes that are there have none.
CREATE TABLE "episode_decision" (
    "video_id" UUID NOT NULL,
    "revision" INTEGER NOT NULL,
    "should_autopublish" BOOLEAN NOT NULL,
    "confidence" DOUBLE PRECISION NOT NULL,
    "reasons" JSONB NOT NULL,
    "start_ms" INTEGER NOT NULL,
    "end_ms" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "episode_decision_pkey" PRIMARY KEY ("video_id", "revision"),
    CONSTRAINT "episode_decision_confidence_range" CHECK ("confidence" BETWEEN 0 AND 1),
    CONSTRAINT "episode_decision_borders_in_order" CHECK (0 <= "start_ms" AND "start_ms" <= "end_ms")
);
ALTER TABLE "episode_decision" ADD CONSTRAINT "episode_decision_video_id_fkey" FOREIGN KEY ("video_id") REFERENCES "video"("id") ON DELETE CASCADE ON UPDATE CASCADE;
