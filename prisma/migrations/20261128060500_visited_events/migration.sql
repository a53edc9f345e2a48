-- AlterTable
ALTER TABLE "calendar_event" ADD COLUMN     "visited_of" TIMESTAMPTZ(3);
