import type { PrismaClient } from "./generated/client.ts";
import { migrationNames } from "./migrations.ts";

// What this process was started with; files that change under it are another release's.
const newest = (await migrationNames()).at(-1);

export type DatabaseState = "ok" | "unreachable" | "not migrated";

/** Whether the database can be worked with by this release: every migration that it knows is applied. */
export async function databaseState(prisma: Pick<PrismaClient, "$queryRaw">): Promise<DatabaseState> {
  try {
    const [row] = await prisma.$queryRaw<{ ready: boolean }[]>`
      SELECT EXISTS (
        SELECT 1 FROM _prisma_migrations
        WHERE migration_name = ${newest} AND finished_at IS NOT NULL AND rolled_back_at IS NULL
      ) AND NOT EXISTS (
        SELECT 1 FROM _prisma_migrations WHERE finished_at IS NULL AND rolled_back_at IS NULL
      ) AS ready`;
    return row?.ready ? "ok" : "not migrated";
  } catch (error) {
    return error instanceof Error && /does not exist/.test(error.message) ? "not migrated" : "unreachable";
  }
}

/** What an operator does about it. */
export const wayOut: Record<Exclude<DatabaseState, "ok">, string> = {
  unreachable: "The database does not answer at DATABASE_URL",
  "not migrated": "The database is not of this release: run `npm run db:migrate`",
};
