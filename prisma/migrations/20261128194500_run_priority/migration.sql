-- In which order runs that wait for the same workers are taken, the lowest first (domain/priorities.ts).
ALTER TABLE "run" ADD COLUMN "priority" SMALLINT NOT NULL DEFAULT 3;
ALTER TABLE "run" ADD CONSTRAINT "run_priority_known" CHECK ("priority" BETWEEN 1 AND 5);
UPDATE "run" SET "priority" = CASE WHEN "kind" IN ('meeting', 'recorder') THEN 2 ELSE 4 END
    WHERE "kind" IN ('meeting', 'recorder', 'video');
