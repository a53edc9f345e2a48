-- A transcript that is made anew is kept with its pieces until it is whole, and then takes the place of the one before.
ALTER TABLE "recording" ADD COLUMN "replaces" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "recording" ADD COLUMN "summary_version" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "transcript_piece" ADD COLUMN "draft" JSONB;
