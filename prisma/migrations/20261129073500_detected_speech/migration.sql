-- Where somebody speaks in a video's sound: for the judgement of its content and for its page.
CREATE TABLE "detected_speech" (
  "conversation_id" UUID NOT NULL,
  "stretches" JSONB NOT NULL,
  CONSTRAINT "detected_speech_pkey" PRIMARY KEY ("conversation_id")
);
ALTER TABLE "detected_speech" ADD CONSTRAINT "detected_speech_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "conversation"("id") ON DELETE CASCADE ON UPDATE CASCADE;
