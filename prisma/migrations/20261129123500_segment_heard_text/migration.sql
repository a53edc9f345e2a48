-- What the source said, where a person put the words right.
ALTER TABLE "transcript_segment" ADD COLUMN "heard_text" TEXT;
