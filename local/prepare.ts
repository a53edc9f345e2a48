// Run as a process of its own, so that what it loads (the schema engine, the Temporal client) does not stay in memory:
// migrates the database, readies the Temporal namespace, and tells its parent whether there are users yet.
import { readFileSync } from "node:fs";
import { Client } from "pg";
import { migrate } from "#prisma/migrate.ts";
import { prepareNamespace } from "./temporal-namespace.ts";

const {
  DATABASE_URL: url = "",
  TEMPORAL_ADDRESS: address = "",
  TEMPORAL_NAMESPACE: namespace = "default",
} = process.env;

const [applied] = await Promise.all([
  migrate({ url }),
  prepareNamespace({ address, namespace, ...security(), warn: say }),
]);
for (const name of applied) say(`applied migration ${name}`);
// An idle connection's timer of ten seconds is all that is left, and would be waited for.
process.send?.({ hasUsers: await hasUsers() }, () => process.exit());

function security() {
  const { TEMPORAL_API_KEY: apiKey, TEMPORAL_TLS_CERT: certificate, TEMPORAL_TLS_KEY: key } = process.env;
  if (apiKey) return { apiKey, tls: true };
  if (!certificate || !key) return {};
  return { tls: { clientCertPair: { crt: readFileSync(certificate), key: readFileSync(key) } } };
}

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
