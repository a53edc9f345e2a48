-- What a merge of two speakers moved, so that it can be undone.
CREATE TABLE "speaker_merge" (
  "id" UUID NOT NULL,
  "conversation_id" UUID NOT NULL,
  "label" TEXT NOT NULL,
  "label_name" TEXT,
  "into_label" TEXT NOT NULL,
  "into_name" TEXT,
  "segment_ids" UUID[] NOT NULL,
  "item_ids" UUID[] NOT NULL,
  "into_item_ids" UUID[] NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "undone_at" TIMESTAMPTZ(3),
  CONSTRAINT "speaker_merge_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "speaker_merge_conversation_id_idx" ON "speaker_merge"("conversation_id");
ALTER TABLE "speaker_merge" ADD CONSTRAINT "speaker_merge_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "conversation"("id") ON DELETE CASCADE ON UPDATE CASCADE;
