import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { freePort } from "#local/port-checks.ts";
import { waitUntil } from "#local/wait-until.ts";
import { startTimeOf, type ProcessRecord } from "#local/processes.ts";

const project = dirname(dirname(import.meta.dirname));
const MINUTES = 60_000;
const started: ChildProcess[] = [];
const folders: string[] = [];

afterAll(() => {
  for (const { pid } of started) if (pid && startTimeOf(pid)) process.kill(-pid, "SIGKILL");
  for (const folder of folders) {
    const note = join(folder, "clone", ".convene", "postgres", "moved-to");
    if (existsSync(note)) rmSync(readFileSync(note, "utf8").trim(), { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  }
});

/** A copy of the project as a clone would have it, in a folder that only its owner can enter. */
function hiddenClone() {
  const folder = mkdtempSync(join(tmpdir(), "convene-clone-"));
  folders.push(folder);
  chmodSync(folder, 0o700);
  const clone = join(folder, "clone");
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const { stdout } = spawnSync("git", args, { cwd: project, encoding: "utf8" });
  for (const path of stdout.split("\0").filter((path) => path && existsSync(join(project, path)))) {
    cpSync(join(project, path), join(clone, path), { recursive: true });
  }
  cpSync(join(project, "prisma", "generated"), join(clone, "prisma", "generated"), { recursive: true });
  // Hard links: real files inside the hidden folder, without a second gigabyte.
  const modules = join(project, "node_modules");
  const linked = spawnSync("cp", ["-al", modules, join(clone, "node_modules")]).status === 0;
  if (!linked) cpSync(modules, join(clone, "node_modules"), { recursive: true, verbatimSymlinks: true });
  return clone;
}

function run(cwd: string, command: string[], env: NodeJS.ProcessEnv = {}) {
  const [program = "", ...args] = command;
  const path = `${join(project, "node_modules", ".bin")}:${process.env["PATH"]}`;
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, NODE_ENV: undefined, VITEST: undefined, PATH: path, ...env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  started.push(child);
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => output.push(chunk.toString()));
  const text = () => output.join("");
  return {
    child,
    text,
    async ready() {
      const isReady = () => {
        if (child.exitCode !== null) throw new Error(`it ended:\n${text()}`);
        return text().includes("ready: http://localhost:");
      };
      await waitUntil("ready", isReady, { deadlineMs: 4 * MINUTES }).catch((error: Error) => {
        throw new Error(`${error.message}\n${text()}`);
      });
    },
    async exitCode() {
      if (child.exitCode === null) await once(child, "exit");
      return child.exitCode;
    },
  };
}

const recordsOf = (clone: string) =>
  JSON.parse(readFileSync(join(clone, ".convene", "processes.json"), "utf8")) as ProcessRecord[];
const living = (records: ProcessRecord[]) => records.filter(({ pid, startedAt }) => startTimeOf(pid) === startedAt);

/** What in a folder somebody else may list, read or write. */
const openIn = (folder: string) =>
  ["", ...readdirSync(folder, { recursive: true }).map(String)].filter(
    (path) => (lstatSync(join(folder, path)).mode & 0o066) !== 0,
  );

test(
  "a fresh clone in a folder of mode 700 starts, stops in order, starts again with its data, survives its own kill",
  { timeout: 12 * MINUTES },
  async () => {
    const clone = hiddenClone();
    const port = await freePort();
    const env = { PORT: String(port), CONVENE_DATA: "" };

    const first = run(clone, ["npm", "start"], env);
    await first.ready();
    const isRoot = process.getuid?.() === 0;
    expect(first.text().includes("cannot enter")).toBe(isRoot);
    await waitUntil("the sign-in", () => /sign in as \S+ with password \S+/.test(first.text()));
    const [, email, password] = first.text().match(/sign in as (\S+) with password (\S+)/) ?? [];
    const before = recordsOf(clone);
    expect(before.map(({ name }) => name).toSorted()).toEqual(["postgres", "temporal", "web", "worker"]);
    first.child.kill("SIGTERM");
    await waitUntil("all ended", () => living(before).length === 0, { deadlineMs: MINUTES });
    await waitUntil("the last line", () => first.text().includes("stopping postgres"));
    const stops = [...first.text().matchAll(/stopping (\w+)/g)].map(([, name]) => name);
    expect(stops).toEqual(["web", "worker", "temporal", "postgres"]);

    const data = join(clone, ".convene");
    expect(openIn(data)).toEqual([]);
    // As an earlier release left it.
    chmodSync(data, 0o755);
    spawnSync("chmod", ["-R", "go+rX", join(data, "media"), join(data, "temporal.db")]);
    expect(openIn(data)).toContain("temporal.db");

    const second = run(clone, ["node", "local/main.js"], env);
    await second.ready();
    expect(second.text()).not.toContain("sign in as");
    expect(second.text()).not.toContain("building the web app");
    expect(openIn(data)).toEqual([]);
    const origin = `http://localhost:${port}`;
    const signIn = await fetch(`${origin}/api/auth/sign-in/email`, {
      method: "POST",
      headers: { "content-type": "application/json", origin },
      body: JSON.stringify({ email, password }),
    });
    expect(signIn.status).toBe(200);

    const rival = run(clone, ["node", "local/main.js"], { ...env, PORT: String(await freePort()) });
    expect(await rival.exitCode()).toBe(1);
    expect(rival.text().trim()).toMatch(/^Another Convene \(pid \d+\) uses .*\.convene\. .*CONVENE_DATA.*$/);

    const left = recordsOf(clone);
    second.child.kill("SIGKILL");
    await waitUntil("all ended", () => living(left).length === 0, { deadlineMs: MINUTES });
    const third = run(clone, ["node", "local/main.js"], env);
    await third.ready();
    const last = recordsOf(clone);
    // As a terminal's Ctrl-C does: to the whole foreground group.
    process.kill(-(third.child.pid ?? 0), "SIGINT");
    expect(await third.exitCode()).toBe(0);
    expect(living(last)).toEqual([]);
  },
);

test("a port in use is said in one line", async () => {
  const data = mkdtempSync(join(tmpdir(), "convene-port-"));
  folders.push(data);
  const server = createServer().listen(0);
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const start = run(project, ["node", "local/main.js"], { PORT: String(port), CONVENE_DATA: data });
  expect(await start.exitCode()).toBe(1);
  expect(start.text().trim()).toBe(`Port ${port} is in use. Set PORT to another one, or stop what listens there.`);
  server.close();
});

test("a too old Node is said in one line", () => {
  // An older one where the machine has it; else the version is made to look older.
  const system = ["/usr/bin/node", "/usr/local/bin/node"].find((path) => existsSync(path) && versionOf(path) < 24);
  const pretend = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.0.0'})";
  const args = system ? [] : ["--import", pretend];
  const { status, stderr } = spawnSync(system ?? process.execPath, [...args, "local/main.js"], {
    cwd: project,
    encoding: "utf8",
  });
  expect(status).toBe(1);
  expect(stderr.trim()).toMatch(/^Convene needs Node 24 or newer; this is v.*$/);
});

const versionOf = (path: string) => Number(spawnSync(path, ["--version"], { encoding: "utf8" }).stdout.slice(1, 3));
