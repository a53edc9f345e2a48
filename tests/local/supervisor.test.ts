import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { freePort, isPortOpen } from "#local/port-checks.ts";
import { waitUntil } from "#local/wait-until.ts";
import { startTimeOf } from "#local/processes.ts";
import { supervise, type ProcessSpec } from "#local/supervisor.ts";

const SERVER = `
const server = require("node:net").createServer().listen(Number(process.argv[1]), "127.0.0.1");
process.on("SIGTERM", () => { console.log("asked to end"); server.close(() => process.exit(0)); });
`;

const serverSpec = (port: number): ProcessSpec => ({
  name: "server",
  command: process.execPath,
  args: ["-e", SERVER, String(port)],
  isReady: () => isPortOpen(port),
});

test("a child that is killed is started again on the same port, with a line that says so", async () => {
  const lines: string[] = [];
  const port = await freePort();
  const server = supervise(serverSpec(port), { log: (name, line) => lines.push(`${name}: ${line}`) });
  await server.start();
  await server.ready();
  const first = server.pid() ?? 0;
  process.kill(first, "SIGKILL");
  await waitUntil("a new child", () => server.pid() !== undefined && server.pid() !== first);
  await server.ready();
  expect(server.restarts()).toBe(1);
  expect(lines.join("\n")).toMatch(/server: ended \(SIGKILL\); starting again in 0\.25 s/);
  await server.stop();
});

test("a child is asked to end and not started again", async () => {
  const lines: string[] = [];
  const port = await freePort();
  const server = supervise(serverSpec(port), { log: (_name, line) => lines.push(line) });
  await server.start();
  await server.ready();
  const pid = server.pid() ?? 0;
  await server.stop();
  expect(lines).toEqual(["asked to end"]);
  expect(startTimeOf(pid)).toBeUndefined();
  expect(await isPortOpen(port)).toBe(false);
  await server.start();
  await server.ready();
  await server.stop();
});

test("a child that ignores the request is ended by force after its grace", async () => {
  const spec: ProcessSpec = {
    name: "deaf",
    command: process.execPath,
    args: ["-e", 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("up")'],
    graceMs: 200,
    isReady: async () => lines.includes("up"),
  };
  const lines: string[] = [];
  const deaf = supervise(spec, { log: (_name, line) => lines.push(line) });
  await deaf.start();
  await deaf.ready();
  const pid = deaf.pid() ?? 0;
  await deaf.stop();
  expect(startTimeOf(pid)).toBeUndefined();
});

test("a child that ends again and again is reported instead of awaited", async () => {
  const spec: ProcessSpec = { name: "broken", command: "false", args: [], isReady: async () => false };
  const broken = supervise(spec, { log: () => {} });
  await broken.start();
  await expect(broken.ready()).rejects.toThrow("broken ends again and again");
  await broken.stop();
});

test("a child that did its work before it died is never kept waiting for long, however often it is made to die", async () => {
  const lines: string[] = [];
  const port = await freePort();
  const server = supervise(serverSpec(port), { log: (_name, line) => lines.push(line) });
  await server.start();
  await server.ready();
  for (let deaths = 1; deaths <= 6; deaths += 1) {
    process.kill(server.pid() ?? 0, "SIGKILL");
    await waitUntil("another life", () => server.restarts() === deaths);
    await server.ready();
  }
  await server.stop();
  const pauses = lines.flatMap((line) => /starting again in ([\d.]+) s/.exec(line)?.[1] ?? []).map(Number);
  expect(pauses).toEqual([0.25, 0.5, 1, 1, 1, 1]);
});

test("children end when their supervisor is killed without a chance to say so", async () => {
  const folder = await mkdtemp(join(tmpdir(), "convene-supervisor-"));
  const port = await freePort();
  const pidFile = join(folder, "pid");
  const script = `
    import { supervise } from ${JSON.stringify(new URL("../../local/supervisor.ts", import.meta.url).href)};
    import { writeFileSync } from "node:fs";
    const spec = { name: "server", command: process.execPath, args: ["-e", ${JSON.stringify(SERVER)}, "${port}"], isReady: async () => true };
    const server = supervise(spec, { log: () => {} });
    await server.start();
    writeFileSync(${JSON.stringify(pidFile)}, String(server.pid()));
    setInterval(() => {}, 1000);
  `;
  const parent = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "inherit" });
  await waitUntil("the child's port", () => isPortOpen(port));
  const pid = Number(await readFile(pidFile, "utf8"));
  expect(startTimeOf(pid)).toBeDefined();
  parent.kill("SIGKILL");
  await once(parent, "exit");
  await waitUntil("the child's end", () => startTimeOf(pid) === undefined, { deadlineMs: 15_000 });
});
