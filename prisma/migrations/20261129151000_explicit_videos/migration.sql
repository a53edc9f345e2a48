-- Whether a source marks an item as explicit; null where it says nothing.
ALTER TABLE "video" ADD COLUMN "is_explicit" BOOLEAN;
