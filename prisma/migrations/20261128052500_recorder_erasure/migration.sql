-- AlterTable
ALTER TABLE "recorder" ADD COLUMN     "erased_at" TIMESTAMPTZ(3),
ADD COLUMN     "voices" JSONB NOT NULL DEFAULT '[]';
