-- A source's own chapters of an item where it tells of them with the file alone, as domain/channels/source.ts has them.
ALTER TABLE "video" ADD COLUMN "file_chapters" JSONB;
