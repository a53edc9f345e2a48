import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { passageMode } from "./modes.ts";
import { startTimeOf } from "./processes.ts";

/** The folder of the program itself, whatever the working directory is. */
export const projectFolder = dirname(import.meta.dirname);

export type DataFolder = ReturnType<typeof dataFolder>;

/** Where everything of an embedded Convene lies: `CONVENE_DATA`, else `.convene` beside the program. */
export function dataFolder(env: NodeJS.ProcessEnv = process.env) {
  const path = resolve(projectFolder, env["CONVENE_DATA"] || ".convene");
  return {
    path,
    postgres: join(path, "postgres"),
    temporal: join(path, "temporal.db"),
    media: join(path, "media"),
    secrets: join(path, "secrets.json"),
    processes: join(path, "processes.json"),
    lock: join(path, "lock"),
  };
}

/** A refusal that needs no stack trace: what is wrong and what to do, in one line. */
export class StartRefused extends Error {}

/** Takes the folder for this process. Refuses where a living process has it; a dead one's claim is taken over. */
export function lockDataFolder(folder: DataFolder): { release(): void } {
  mkdirSync(folder.path, { recursive: true });
  chmodSync(folder.path, passageMode());
  const claim = JSON.stringify({ pid: process.pid, startedAt: startTimeOf(process.pid) });
  const holder = livingHolder(folder);
  if (holder) {
    throw new StartRefused(
      `Another Convene (pid ${holder}) uses ${folder.path}. Stop it, or set CONVENE_DATA to another folder.`,
    );
  }
  rmSync(folder.lock, { force: true });
  try {
    writeFileSync(folder.lock, claim, { flag: "wx", mode: 0o600 });
  } catch {
    throw new StartRefused(`Another Convene has just started in ${folder.path}.`);
  }
  return { release: () => rmSync(folder.lock, { force: true }) };
}

/** The pid of the Convene that runs on this folder, if one does. */
export function livingHolder(folder: DataFolder): number | undefined {
  if (!existsSync(folder.lock)) return undefined;
  try {
    const { pid, startedAt } = JSON.parse(readFileSync(folder.lock, "utf8")) as { pid: number; startedAt?: string };
    return startTimeOf(pid) === startedAt && startedAt ? pid : undefined;
  } catch {
    // Half written by a process that was killed while writing.
    return undefined;
  }
}

export type Secrets = {
  /** Signs sessions and tokens. */
  secret: string;
  databasePassword: string;
  /** Seals what opens other people's doors; see records/seal.ts. */
  sealKeys: string;
  /** The generated first admin, until it has been printed. */
  admin?: { email: string; password: string };
};

/** The folder's own secrets, made on the first call, readable by their owner only. */
export function readSecrets(folder: DataFolder): Secrets {
  const kept = existsSync(folder.secrets) ? (JSON.parse(readFileSync(folder.secrets, "utf8")) as Partial<Secrets>) : {};
  // A folder of an earlier release lacks what came later.
  const made = { secret: randomSecret(), databasePassword: randomSecret(), sealKeys: `first:${randomSecret()}` };
  const secrets = { ...made, ...kept };
  if (Object.keys(made).some((name) => !(name in kept))) writeSecrets(folder, secrets);
  return secrets;
}

export function writeSecrets(folder: DataFolder, secrets: Secrets): void {
  writeFileSync(folder.secrets, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
}

export const randomSecret = (bytes = 32) => randomBytes(bytes).toString("base64url");
