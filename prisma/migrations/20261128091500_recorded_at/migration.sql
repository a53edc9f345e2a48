-- When a recording was made, with the offset of the clock it was made by; both null where nobody knows.
ALTER TABLE "recording" ADD COLUMN "recorded_at" TIMESTAMPTZ(3);
ALTER TABLE "recording" ADD COLUMN "recorded_offset" INTEGER;
ALTER TABLE "recording" ADD COLUMN "time_zone" TEXT;
ALTER TABLE "recording" ADD CONSTRAINT "recording_recorded_check"
  CHECK ((recorded_at IS NULL) = (recorded_offset IS NULL));
