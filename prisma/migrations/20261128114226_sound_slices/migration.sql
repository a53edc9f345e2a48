-- Long recordings are listened to in turns: what was found so far is kept until all of it is put together.
CREATE TABLE "sound_slice" (
  "conversation_id" UUID NOT NULL,
  "kind" TEXT NOT NULL,
  "index" INTEGER NOT NULL,
  "next_seconds" DOUBLE PRECISION,
  "found" JSONB NOT NULL,
  CONSTRAINT "sound_slice_pkey" PRIMARY KEY ("conversation_id", "kind", "index"),
  CONSTRAINT "sound_slice_kind_check" CHECK ("kind" IN ('stretches', 'voices', 'left', 'right'))
);
ALTER TABLE "sound_slice" ADD CONSTRAINT "sound_slice_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "conversation"("id") ON DELETE CASCADE ON UPDATE CASCADE;
