import { join } from "node:path";
import { commandLine } from "./command-line.ts";
import {
  dataFolder,
  projectFolder,
  randomSecret,
  readSecrets,
  StartRefused,
  writeSecrets,
  type Secrets,
} from "./data-folder.ts";
import { restartOnChanges } from "./dev-restart.ts";
import { log } from "./log.ts";
import { runNode } from "./one-shot.ts";
import { closeDataFolder } from "./modes.ts";
import { isPortFree } from "./port-checks.ts";
import { createProgram } from "./program.ts";
import { compileCache, processSettings, type Parts } from "./settings.ts";
import { ownProcess, startParts } from "./stack.ts";
import { ensureWebBuild } from "./web-build.ts";

const usage = `npm start, or npm run dev to restart on changes. Settings are variables: .env.example has them all,
and PORT, HOST and CONVENE_DATA say where it listens and keeps its data.`;
const isDev = commandLine(usage, { options: { dev: { type: "boolean" } } }).values.dev ?? false;
const port = Number(process.env["PORT"] || 3000);
const say = (line: string) => log("convene", line);

// Where the machine has it, each thread would take 130 MB and more for what is young, and four times what it needs for
// the rest. The worker has a thread for each of calendars, feeds and workflows, so that its young spaces add up.
const sparing = (youngMegabytes: number) => [`--max-semi-space-size=${youngMegabytes}`, "--heap-growing-percent=40"];

const folder = dataFolder();
const { stack, signal, run } = createProgram({ folder, say });
await run(start);

async function start() {
  if (!(await isPortFree(port))) {
    throw new StartRefused(`Port ${port} is in use. Set PORT to another one, or stop what listens there.`);
  }
  shut();
  const secrets = readSecrets(folder);
  const [parts] = await Promise.all([
    startParts({ stack, folder, secrets, signal }),
    isDev ? undefined : ensureWebBuild({ say: (line) => log("web", line), signal }),
  ]);
  const { hasUsers } = await prepare(parts);
  const admin = hasUsers && !secrets.admin ? undefined : firstAdmin(secrets);
  const { web, worker, healthPort } = await processSettings({ parts, folder, secrets, port, admin, isDev });
  const args = isDev ? ["--conditions", "development"] : [];
  const host = process.env["HOST"] || "127.0.0.1";
  const [runningWorker, runningWeb] = await Promise.all([
    stack.run(
      ownProcess({
        name: "worker",
        entry: "worker/main.ts",
        niceness: 10,
        args: [...args, ...sparing(4)],
        env: worker,
        readyUrl: `http://127.0.0.1:${healthPort}/readyz`,
      }),
    ),
    stack.run(
      ownProcess({
        name: "web",
        entry: "web/server.ts",
        args: [...args, ...sparing(16)],
        env: web,
        readyUrl: `http://${host}:${port}/readyz`,
      }),
    ),
  ]);
  if (isDev) restartOnChanges({ web: runningWeb, worker: runningWorker, say, signal });
  console.log(`ready: http://localhost:${port}`);
  if (admin) announce(admin, secrets);
}

function shut() {
  const [first, ...more] = closeDataFolder(folder.path);
  if (first === undefined) return;
  const others = more.length === 0 ? "" : ` and ${more.length} more`;
  say(`warning: other accounts may read ${first}${others}: it belongs to another account, which has to shut it`);
}

async function prepare({ databaseUrl, temporalAddress }: Parts) {
  const env = { ...process.env, ...compileCache(), DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: temporalAddress };
  const answer = await runNode([join(projectFolder, "local", "prepare.ts")], {
    env,
    cwd: projectFolder,
    say: (line) => log("prepare", line),
    signal,
  });
  return answer as { hasUsers: boolean };
}

/** Who is to be the first account: as given, else generated and kept until it has been printed. */
function firstAdmin(secrets: Secrets) {
  const { CONVENE_ADMIN_EMAIL: email, CONVENE_ADMIN_PASSWORD: password } = process.env;
  if (email && password) return { email, password };
  secrets.admin ??= { email: email || "admin@convene.local", password: password || randomSecret(12) };
  writeSecrets(folder, secrets);
  return secrets.admin;
}

function announce(admin: { email: string; password: string }, secrets: Secrets) {
  const isGiven = Boolean(process.env["CONVENE_ADMIN_PASSWORD"]);
  console.log(`sign in as ${admin.email} with ${isGiven ? "CONVENE_ADMIN_PASSWORD" : `password ${admin.password}`}`);
  delete secrets.admin;
  writeSecrets(folder, secrets);
}
