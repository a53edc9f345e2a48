import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { createPrisma } from "#prisma/client.ts";
import { passwordLinkOf } from "#records/accounts/password-resets.ts";
import { databaseVariables, readSettings } from "#records/settings.ts";
import { commandLine } from "./command-line.ts";
import { dataFolder, readSecrets, StartRefused, type DataFolder } from "./data-folder.ts";
import { findClusterHome } from "./postgres-place.ts";
import { databaseUrl } from "./postgres.ts";

// `npm run password-link -- anna@example.org`, for a server that sends no mail: the link that a mail would have brought.
// Whoever may run it reads the database anyway.
const usage = "npm run password-link -- anna@example.org   prints a link to a new password, good once and for an hour";

/** The database of DATABASE_URL, else that of the Convene that runs on this data folder. */
export function runningDatabase(folder: DataFolder, env: NodeJS.ProcessEnv): string {
  if (env["DATABASE_URL"] || env["DATABASE_URL_FILE"]) {
    return readSettings(z.object(databaseVariables), env, "password-link").DATABASE_URL;
  }
  const home = findClusterHome(folder.postgres);
  // Postgres' own note of where it listens: its fourth line is the port. It is gone when Postgres has stopped.
  const note = home && join(home, "cluster", "postmaster.pid");
  const port = note && existsSync(note) ? Number(readFileSync(note, "utf8").split("\n")[3]) : 0;
  if (port === 0) throw new StartRefused(`No Convene runs on ${folder.path}. Start it, or set DATABASE_URL.`);
  return databaseUrl({ password: readSecrets(folder).databasePassword, port });
}

if (import.meta.main) {
  const [email, more] = commandLine(usage, { allowPositionals: true }).positionals;
  if (email === undefined || more !== undefined) {
    console.error(`Name one account's address: ${usage}`);
    process.exit(2);
  }
  try {
    const { prisma, close } = createPrisma({ url: runningDatabase(dataFolder(), process.env) });
    const link = await passwordLinkOf(prisma, email);
    await close();
    if (link === null) throw new StartRefused(`There is no account of ${email}.`);
    const publicUrl = process.env["PUBLIC_URL"] || `http://localhost:${process.env["PORT"] || 3000}`;
    console.log(new URL(`/reset-password/${link.token}`, publicUrl).href);
    console.error(
      "Good once and for an hour. Whoever opens it sets the account's password, and its browsers are signed out.",
    );
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
