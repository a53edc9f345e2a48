// Run as a process of its own, so that what it loads (the schema engine, the Temporal client) does not stay in memory:
// migrates the database, readies the Temporal namespace, and tells its parent whether there are users yet.
import { Client } from "pg";
import { migrate } from "#prisma/migrate.ts";
import { prepareNamespace } from "./temporal-namespace.ts";
import { temporalOf } from "./temporal-prepare.ts";

const { DATABASE_URL: url = "" } = process.env;

const [applied] = await Promise.all([migrate({ url }), prepareNamespace({ ...temporalOf(process.env), warn: say })]);
for (const name of applied) say(`applied migration ${name}`);
// An idle connection's timer of ten seconds is all that is left, and would be waited for.
process.send?.({ hasUsers: await hasUsers() }, () => process.exit());

async function hasUsers() {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ some: boolean }>('SELECT EXISTS (SELECT 1 FROM "user") AS some');
  await client.end();
  return rows[0]?.some ?? false;
}

function say(line: string) {
  console.log(line);
}
