-- A source's own chapters of an item, as domain/channels/source.ts has them; null where it names none.
ALTER TABLE "video" ADD COLUMN "source_chapters" JSONB;
