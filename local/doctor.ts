import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { botKeyNames } from "#domain/bot-settings.ts";
import { cacheFolder } from "./cache-folder.ts";
import { commandLine } from "./command-line.ts";
import { dataFolder, livingHolder, projectFolder } from "./data-folder.ts";
import { modelFindings } from "./model-findings.ts";
import { isPortFree, isPortOpen } from "./port-checks.ts";
import { packagedPrograms } from "./postgres-place.ts";
import { cachedTemporal, temporalVersion } from "./temporal-binary.ts";

export type Finding = { state: "ok" | "note" | "bad"; part: string; text: string };
export type Answer = [state: Finding["state"], text: string];

const LEAST_FREE_BYTES = 2e9;
const KEYS = [
  "OPENAI_API_KEY",
  "SPEECH_API_KEY",
  "TEMPORAL_API_KEY",
  ...Object.values(botKeyNames),
  "GOOGLE_CLIENT_SECRET",
  "MICROSOFT_CLIENT_SECRET",
  "S3_ACCESS_KEY_ID",
  "S3_SECRET_ACCESS_KEY",
];

/** The state of each part: "bad" keeps Convene from working, "note" is worth knowing. Never a key's value. */
export async function examine(env: NodeJS.ProcessEnv = process.env): Promise<Finding[]> {
  const folder = dataFolder(env);
  const holder = livingHolder(folder);
  const parts: Record<string, () => Promise<Answer> | Answer> = {
    Node: () => [Number(process.versions.node.split(".")[0]) >= 24 ? "ok" : "bad", process.version],
    Convene: () => (holder ? ["ok", `runs (pid ${holder})`] : ["note", "does not run now"]),
    "data folder": () => describeFolder(folder.path),
    port: () => describePort(Number(env["PORT"] || 3000), holder !== undefined),
    Postgres: () => describePostgres(env["DATABASE_URL"]),
    Temporal: () => describeTemporal(env),
    "web build": () => [
      "ok",
      existsSync(join(projectFolder, "build", "sources.sha256")) ? "made" : "made by the next `npm start`",
    ],
    ffmpeg: () => ["ok", runs("ffmpeg", "-version") ? "on PATH (not needed)" : "absent (not needed)"],
    "speech weights": () =>
      existsSync(join(cacheFolder(env), "speech-moonshine-tiny-en"))
        ? ["ok", `in ${cacheFolder(env)}`]
        : ["note", `not fetched yet; the first start fetches 30 MB into ${cacheFolder(env)}`],
    "speaker model": () =>
      existsSync(join(projectFolder, "models", "speaker-embedding", "campplus-zh-en.f16.onnx"))
        ? ["ok", "shipped in models/"]
        : ["bad", "models/speaker-embedding is incomplete: speakers cannot be told apart"],
    ...modelFindings(env),
    keys: () => ["ok", KEYS.map((name) => `${name} ${env[name] ? "set" : "not set"}`).join(", ")],
  };
  const findings: Finding[] = [];
  for (const [part, ask] of Object.entries(parts)) {
    const [state, text] = await Promise.resolve(ask()).catch((error: Error): Answer => ["bad", error.message]);
    findings.push({ state, part, text });
  }
  return findings;
}

function describeFolder(path: string): Answer {
  const existing = existsSync(path) ? path : projectFolder;
  try {
    accessSync(existing, constants.W_OK);
  } catch {
    return ["bad", `${existing} cannot be written to`];
  }
  const { bavail, bsize } = statfsSync(existing);
  const free = bavail * bsize;
  return [free > LEAST_FREE_BYTES ? "ok" : "bad", `${path}, ${(free / 1e9).toFixed(1)} GB free`];
}

async function describePort(port: number, isOurs: boolean): Promise<Answer> {
  if (!isOurs)
    return (await isPortFree(port)) ? ["ok", `${port} is free`] : ["bad", `${port} is in use by another program`];
  const url = `http://127.0.0.1:${port}/readyz`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  return answer?.ok ? ["ok", `${url} says ready`] : ["bad", `${url} says ${answer?.status ?? "nothing"}`];
}

async function describePostgres(url: string | undefined): Promise<Answer> {
  if (!url) return ["ok", `embedded, ${(await packagedPrograms()).version}`];
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  const { rows } = await client.query<{ version: string }>("SHOW server_version");
  await client.end();
  return ["ok", `DATABASE_URL answers, ${rows[0]?.version}`];
}

async function describeTemporal(env: NodeJS.ProcessEnv): Promise<Answer> {
  const address = env["TEMPORAL_ADDRESS"];
  if (address) {
    const { hostname, port } = new URL(`tcp://${address}`);
    const isOpen = await isPortOpen(Number(port || 7233), hostname);
    return isOpen ? ["ok", `${address} answers`] : ["bad", `nothing answers at ${address}`];
  }
  const onPath = temporalVersion("temporal");
  if (onPath) return ["ok", `on PATH, ${onPath}`];
  const cached = await cachedTemporal(join(cacheFolder(env), "bin"));
  if (cached) return ["ok", `${cached}, ${temporalVersion(cached)}`];
  const builder = runs("go", "version") ? ", or built with Go in about three minutes" : "; no Go to build it with";
  return ["note", `none yet; the first start downloads it${builder}`];
}

const runs = (command: string, argument: string) => spawnSync(command, [argument]).status === 0;

if (import.meta.main) {
  commandLine("npm run doctor   says what this machine has and lacks", {});
  const findings = await examine();
  for (const { state, part, text } of findings) console.log(`${state.padEnd(5)} ${part.padEnd(16)} ${text}`);
  process.exit(findings.some(({ state }) => state === "bad") ? 1 : 0);
}
