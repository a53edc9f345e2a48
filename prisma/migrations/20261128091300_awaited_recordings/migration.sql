-- A recording may be made before its sound: until that comes it has no bytes, and no hash of them.
ALTER TABLE "recording" DROP CONSTRAINT "recording_size_positive";
ALTER TABLE "recording" DROP CONSTRAINT "recording_sha256_form";
ALTER TABLE "recording" ADD CONSTRAINT "recording_bytes_or_awaited" CHECK (
  ("size_bytes" > 0 AND "sha256" ~ '^[0-9a-f]{64}$') OR ("size_bytes" = 0 AND "sha256" = '')
);
