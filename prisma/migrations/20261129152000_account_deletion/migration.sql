-- Since when an account is being deleted, by its owner.
ALTER TABLE "user" ADD COLUMN "deleting_at" TIMESTAMPTZ(3);
