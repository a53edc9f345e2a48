-- A run is called something and belongs to somebody by itself, so that it may be without a conversation.

-- AlterTable
ALTER TABLE "run" ADD COLUMN     "owner_id" UUID,
ADD COLUMN     "title" TEXT,
ALTER COLUMN "conversation_id" DROP NOT NULL;

-- Where it has a conversation, it is called and owned as that is, whoever writes either of the two: this release, or the
-- one before, which knows nothing of it.
CREATE FUNCTION "run_is_called_as_its_conversation"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW."conversation_id" IS NOT NULL THEN
    SELECT "title", "owner_id" INTO NEW."title", NEW."owner_id" FROM "conversation" WHERE "id" = NEW."conversation_id";
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER "run_is_called_as_its_conversation" BEFORE INSERT ON "run"
FOR EACH ROW EXECUTE FUNCTION "run_is_called_as_its_conversation"();

CREATE FUNCTION "conversation_calls_its_runs"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "run" SET "title" = NEW."title", "owner_id" = NEW."owner_id" WHERE "conversation_id" = NEW."id";
  RETURN NULL;
END
$$;
CREATE TRIGGER "conversation_calls_its_runs" AFTER UPDATE OF "title", "owner_id" ON "conversation"
FOR EACH ROW WHEN (OLD."title" IS DISTINCT FROM NEW."title" OR OLD."owner_id" IS DISTINCT FROM NEW."owner_id")
EXECUTE FUNCTION "conversation_calls_its_runs"();

UPDATE "run" SET "title" = "conversation"."title", "owner_id" = "conversation"."owner_id"
FROM "conversation" WHERE "conversation"."id" = "run"."conversation_id";

ALTER TABLE "run" ALTER COLUMN "title" SET NOT NULL;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

ALTER TABLE "run" ADD CONSTRAINT "run_title_length" CHECK (char_length("title") BETWEEN 1 AND 300);
ALTER TABLE "run" ADD CONSTRAINT "run_conversation_present" CHECK ("kind" NOT IN ('recording', 'analysis', 'meeting') OR "conversation_id" IS NOT NULL);
