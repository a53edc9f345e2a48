-- Who may be heard in a call, by the id that its provider knows them by; a label once they have spoken.
CREATE TABLE "call_participant" (
  "conversation_id" UUID NOT NULL,
  "person_id" TEXT NOT NULL,
  "name" TEXT,
  "label" TEXT,
  CONSTRAINT "call_participant_pkey" PRIMARY KEY ("conversation_id", "person_id")
);
ALTER TABLE "call_participant" ADD CONSTRAINT "call_participant_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "conversation"("id") ON DELETE CASCADE ON UPDATE CASCADE;
-- No two people are one voice.
CREATE UNIQUE INDEX "call_participant_conversation_id_label_key" ON "call_participant" ("conversation_id", "label");

-- Whose of several people's words they are; null: `speaker` says all that is known.
ALTER TABLE "transcript_segment" ADD COLUMN "label" TEXT;

-- Everybody was called "User"; now that is nobody's name, and who has said nothing is no speaker.
UPDATE "speaker" SET "display_name" = NULL WHERE "label" = 'user' AND "display_name" = 'User';
DELETE FROM "speaker" s WHERE s."label" = 'user' AND s."display_name" IS NULL
  AND NOT EXISTS (SELECT 1 FROM "transcript_segment" t WHERE t."conversation_id" = s."conversation_id" AND t."speaker" = 'user');
