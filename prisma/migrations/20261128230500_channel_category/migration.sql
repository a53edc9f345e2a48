-- Where podcast directories list a channel, as domain/channels/category.ts spells it.
ALTER TABLE "channel" ADD COLUMN "category" TEXT;
