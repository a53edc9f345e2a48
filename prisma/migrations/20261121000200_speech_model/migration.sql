-- AlterTable
ALTER TABLE "recording" ADD COLUMN     "speech_model" TEXT;
