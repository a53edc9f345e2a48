-- A recording that is still being made arrives before anybody knows how long it will be.

-- AlterTable
ALTER TABLE "upload" ADD COLUMN     "deferred" BOOLEAN NOT NULL DEFAULT false;
