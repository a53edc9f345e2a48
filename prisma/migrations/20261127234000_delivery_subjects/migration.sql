-- A delivery is about a subject of some kind, not always a meeting.

-- AlterTable
ALTER TABLE "webhook_delivery" ADD COLUMN     "subject_id" UUID,
ADD COLUMN     "subject_kind" TEXT;

-- The release before this one goes on meanwhile and may come back. It writes and reads "meeting_id" alone.
CREATE FUNCTION "webhook_delivery_both_names"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW."subject_kind" IS NULL AND NEW."meeting_id" IS NOT NULL THEN
    NEW."subject_kind" := 'meeting';
    NEW."subject_id" := NEW."meeting_id";
  ELSIF NEW."subject_kind" = 'meeting' THEN
    NEW."meeting_id" := NEW."subject_id";
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER "webhook_delivery_both_names" BEFORE INSERT ON "webhook_delivery"
FOR EACH ROW EXECUTE FUNCTION "webhook_delivery_both_names"();

UPDATE "webhook_delivery" SET "subject_kind" = 'meeting', "subject_id" = "meeting_id" WHERE "meeting_id" IS NOT NULL;

-- CreateIndex
CREATE INDEX "webhook_delivery_subject_id_idx" ON "webhook_delivery"("subject_id");

ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_subject_known" CHECK ("subject_kind" IN ('meeting'));
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_subject_whole" CHECK (("subject_kind" IS NULL) = ("subject_id" IS NULL));
