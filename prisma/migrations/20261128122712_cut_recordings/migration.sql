-- Why a recording ends before the talk did, where a limit of this server cut it off.
ALTER TABLE "recording" ADD COLUMN "cut_note" TEXT;
