-- What calendars tell a later file of a meeting by. Until now it was the seconds from its making to its last change,
-- which two changes in one second had in common; files that were taken then stay the earlier ones.
ALTER TABLE "meeting" ADD COLUMN "revision" INTEGER NOT NULL DEFAULT 0;
UPDATE "meeting" m SET "revision" = greatest(0, floor(extract(epoch FROM c."updated_at" - c."created_at")))::integer
  FROM "conversation" c WHERE c."id" = m."id";
