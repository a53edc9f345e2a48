import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { conversationTopic, isRunEvent } from "#domain/live.ts";
import type { ResultEventData, SegmentEventData } from "#domain/live.ts";
import { defaultSpeakerName } from "#domain/transcript.ts";
import { createLiveClient } from "#web/live-client/live-client.ts";
import { commandLine } from "./command-line.ts";
import { projectFolder, randomSecret } from "./data-folder.ts";
import { freePort } from "./port-checks.ts";

// Shows the whole way on the shipped sample: start, upload, live progress, transcript, summary. Has a data folder and
// an account of its own, so it needs to know nobody's password.
const usage = "npm run demo [-- --keep]   --keep: stays up afterwards, at port 3000";
const keep = commandLine(usage, { options: { keep: { type: "boolean" } } }).values.keep ?? false;
const data = join(projectFolder, ".convene", "demo");
const sample = join(projectFolder, "web", "sample", "sample-meeting.mp3");
const say = (line = "") => console.log(line);

const account = await demoAccount();
const port = Number(process.env["PORT"]) || (keep ? 3000 : await freePort());
const url = `http://localhost:${port}`;
const convene = startConvene();
try {
  await convene.ready;
  const headers = { cookie: await signIn(), origin: url };
  const id = await upload(headers);
  await follow(id, headers);
  say();
  if (keep) say(`Open ${url}/recordings/${id}`);
  else say(`See it in the browser: npm run demo -- --keep, then http://localhost:3000/recordings/${id}`);
  say(`Sign in as ${account.email} with password ${account.password}`);
  if (keep) await convene.ended;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  convene.stop();
  await convene.ended;
}
process.exit();

async function demoAccount(): Promise<{ email: string; password: string }> {
  await mkdir(data, { recursive: true });
  const file = join(data, "demo-account.json");
  if (!existsSync(file)) {
    const made = { email: "demo@convene.local", password: randomSecret(12) };
    writeFileSync(file, JSON.stringify(made), { mode: 0o600 });
  }
  return JSON.parse(readFileSync(file, "utf8")) as { email: string; password: string };
}

function startConvene() {
  const child = spawn(process.execPath, [join(projectFolder, "local", "start.ts")], {
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      ...process.env,
      PORT: String(port),
      CONVENE_DATA: data,
      CONVENE_ADMIN_EMAIL: account.email,
      CONVENE_ADMIN_PASSWORD: account.password,
    },
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const ready = new Promise<void>((resolve, reject) => {
    createInterface(child.stdout).on("line", (line) => {
      if (line.startsWith("ready:")) resolve();
      // The build of the Temporal server and the first fetch of the speech model take their time: say so.
      else if (/^\[(temporal|convene|web)\] /.test(line) && !/ready|stopping|CLI|:\/\/|localhost|listening/.test(line))
        say(line);
    });
    void ended.then(() => reject(new Error("Convene ended before it was ready")));
  });
  // Whatever ends the demo, Ctrl-C included, ends what it started.
  process.on("exit", () => child.kill("SIGTERM"));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill("SIGTERM"));
  return { ready, ended, stop: () => child.kill("SIGTERM") };
}

async function signIn(): Promise<string> {
  const response = await fetch(`${url}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify(account),
  });
  if (!response.ok) throw new Error(`Signing in was answered with ${response.status}`);
  const cookies = response.headers.getSetCookie();
  return cookies.map((cookie) => cookie.split(";")[0]).join("; ");
}

async function upload(headers: Record<string, string>): Promise<string> {
  const form = new FormData();
  form.set("file", new Blob([await readFile(sample)]), "sample-meeting.mp3");
  form.set("title", "Sample meeting");
  const response = await fetch(`${url}/api/recordings?duplicate=allow`, { method: "POST", headers, body: form });
  if (response.status !== 202) throw new Error(`The upload was answered with ${response.status}`);
  return ((await response.json()) as { id: string }).id;
}

/** Prints the run as its page would show it, until it ends. */
async function follow(id: string, headers: Record<string, string>): Promise<void> {
  const client = createLiveClient({ url, socket: { extraHeaders: headers } });
  const told = new Set<string>();
  try {
    await new Promise<void>((resolve, reject) => {
      const watch = client.watch(conversationTopic(id), 0, {
        onEvent(event) {
          if (event.type === "segment.added") say(segmentLine(event.data));
          else if (event.type === "result.ready") printResult(event.data);
          else if (isRunEvent(event)) {
            const { status, percent, message } = event.data;
            if (!told.has(message)) say(`${String(percent).padStart(3)} %  ${message}`);
            told.add(message);
            if (status === "completed") resolve();
            if (status === "failed") reject(new Error(message));
          }
        },
        onGap: () => reject(new Error("The live feed lost events")),
        onGone: () => reject(new Error("The recording is gone")),
      });
      void convene.ended.then(() => {
        watch.stop();
        reject(new Error("Convene ended early"));
      });
    });
  } finally {
    client.close();
  }
}

function segmentLine({ start, speaker, text }: SegmentEventData): string {
  const clock = `${Math.floor(start / 60)}:${String(Math.floor(start % 60)).padStart(2, "0")}`;
  return `  ${clock}  ${defaultSpeakerName(speaker)}: ${text}`;
}

function printResult({ summary, actionItems }: ResultEventData): void {
  say("\nSummary");
  for (const bullet of summary.bullets) say(`  ${bullet.kind === "decision" ? "decided: " : "- "}${bullet.text}`);
  if (actionItems.length > 0) say("\nAction items");
  for (const item of actionItems) say(`  [ ] ${item.text}${item.due === null ? "" : ` (due ${item.due})`}`);
  say();
}
