-- Whom other platforms ask before they take a podcast over; null: nobody is to be asked.
ALTER TABLE "channel" ADD COLUMN "owner_email" TEXT;
