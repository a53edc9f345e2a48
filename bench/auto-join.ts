import { rm } from "node:fs/promises";
import { join } from "node:path";
import { pino } from "pino";
import { startPostgres } from "#local/postgres.ts";
import { createPrisma } from "#prisma/client.ts";
import { migrate } from "#prisma/migrate.ts";
import type { PrismaClient } from "#records/db.ts";
import { sweepRecorders } from "#records/bot-visits/sweep.ts";
import { latencyFigures } from "./measure.ts";
import type { Scenario } from "./scenario.ts";
import { newFolder } from "./stack/stack.ts";

const eventsEach = 10;
const dueAtOnce = 100;

/** One pass of auto-join over everybody's events, on a Postgres with nothing beside it. */
export const autoJoin: Scenario = {
  name: "auto-join",
  title: "A pass of auto-join over 10,000 people and 100,000 events",
  async run({ short, say }) {
    await using made = new AsyncDisposableStack();
    const folder = await newFolder();
    made.defer(() => rm(folder, { recursive: true, force: true }));
    const dataDir = join(folder, "postgres");
    const postgres = await startPostgres(
      { dataDir, password: "bench" },
      { log: (name, line) => say(`${name}: ${line}`) },
    );
    made.defer(() => postgres.stop());
    await migrate({ url: postgres.url });
    const database = createPrisma({ url: postgres.url });
    made.defer(() => database.close());
    const { prisma } = database;
    await fill(prisma, short ? 1_000 : 10_000);
    const idle = await passes(prisma, short ? 5 : 50, 0);
    const busy = await passes(prisma, short ? 2 : 10, dueAtOnce);
    return [...latencyFigures("nothing due", idle), ...latencyFigures(`${dueAtOnce} due`, busy)];
  },
};

/** Times passes, each with so many events that have become due since the one before. */
async function passes(prisma: PrismaClient, count: number, due: number): Promise<number[]> {
  const log = pino({ level: "silent" });
  const times: number[] = [];
  for (let pass = 0; pass < count; pass += 1) {
    await prisma.$executeRaw`
      UPDATE calendar_event SET starts_at = now() + interval '5 minutes', ends_at = now() + interval '35 minutes'
      WHERE id IN (SELECT id FROM calendar_event WHERE starts_at > now() + interval '1 day' LIMIT ${due})`;
    const startedAt = performance.now();
    const { ordered } = await sweepRecorders(prisma, { provider: "attendee", log });
    times.push(performance.now() - startedAt);
    if (ordered !== due) throw new Error(`${ordered} of ${due} visits were ordered`);
  }
  return times;
}

/** People with a workspace, a calendar and events of the weeks to come, all of which are to be joined. */
async function fill(prisma: PrismaClient, people: number): Promise<void> {
  const fills = [
    `INSERT INTO "user" (id, name, email, updated_at)
     SELECT gen_random_uuid(), 'Person ' || n, n || '@bench.example', now() FROM generate_series(1, ${people}) AS n`,
    `INSERT INTO workspace (id, name, personal_of_id) SELECT gen_random_uuid(), 'Personal', id FROM "user"`,
    `INSERT INTO membership (workspace_id, user_id, role) SELECT id, personal_of_id, 'owner' FROM workspace`,
    `INSERT INTO calendar (id, owner_id, workspace_id, kind, name)
     SELECT gen_random_uuid(), personal_of_id, id, 'file', 'Work' FROM workspace`,
    `INSERT INTO calendar_event (id, calendar_id, owner_id, uid, title, starts_at, ends_at, is_all_day, is_cancelled,
       is_tentative, platform, room, meeting_url, fingerprint, "join", reason, updated_at)
     SELECT gen_random_uuid(), id, owner_id, n::text, 'Meeting', at, at + interval '30 minutes', false, false, false,
       'zoom', id || '-' || n, 'https://zoom.us/j/123456789' || n, '', true, 'rules', now()
     FROM calendar, generate_series(1, ${eventsEach}) AS n, LATERAL (SELECT now() + n * interval '2 days' AS at) AS times`,
    "ANALYZE",
  ];
  for (const sql of fills) await prisma.$executeRawUnsafe(sql);
}
