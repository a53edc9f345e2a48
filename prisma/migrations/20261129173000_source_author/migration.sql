-- Who makes a channel's podcast and what is spoken in it: as a person says it, and as its source does.
ALTER TABLE "channel" ADD COLUMN "author" TEXT;
ALTER TABLE "channel" ADD COLUMN "source_author" TEXT;
ALTER TABLE "channel" ADD COLUMN "source_language" TEXT;
-- What its source says of these is read at the next look, though nothing has changed there.
UPDATE "channel" SET "etag" = NULL, "last_modified" = NULL WHERE "etag" IS NOT NULL OR "last_modified" IS NOT NULL;
