import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { runChild, startChild } from "#activities/clients/child.ts";

const module = new URL("../../fixtures/unruly-child.ts", import.meta.url);
const call = <Output>(method: string, input: unknown = null, options: object = {}) =>
  runChild<Output, number>({ module, method, input, maxRssMb: 500, deadlineMs: 30_000, ...options });

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

async function expectGone(pid: number) {
  for (let tries = 0; isAlive(pid) && tries < 100; tries += 1) await sleep(100);
  expect(isAlive(pid)).toBe(false);
}

test("a child answers, reports progress in order, and sees no environment variable", async () => {
  const samples = Float32Array.of(0.5, -0.25);
  expect(await call("echo", { samples })).toEqual({ samples });
  const seen: number[] = [];
  expect(await call("count", 5, { onProgress: (value: number) => seen.push(value) })).toBe(5);
  expect(seen).toEqual([1, 2, 3, 4, 5]);
  process.env.CONVENE_TEST_SECRET = "do not pass on";
  const names = await call<string[]>("environment");
  expect(names.filter((name) => !name.startsWith("NODE_CHANNEL"))).toEqual([]);
});

test("a child's failure keeps its code; any other error is internal and can be tried again", async () => {
  await expect(call("refuse")).rejects.toMatchObject({ type: "damaged_media", nonRetryable: true });
  await expect(call("fail")).rejects.toMatchObject({ type: "internal", nonRetryable: false });
});

test("a crash in native code is an error with the child's last words, not the end of this process", async () => {
  await expect(call("crash")).rejects.toMatchObject({
    type: "internal",
    message: expect.stringMatching(/SIGSEGV.*last words/s),
  });
});

test("a child over its time or memory is killed", async () => {
  await expect(call("hang", null, { deadlineMs: 500 })).rejects.toMatchObject({ type: "resource_limit" });
  await expect(call("spin", null, { deadlineMs: 500 })).rejects.toMatchObject({ type: "resource_limit" });
  const busy = { deadlineMs: 200, deadlineCode: "stalled" };
  await expect(call("hang", null, busy)).rejects.toMatchObject({ type: "stalled", nonRetryable: false });
  await expect(call("grow", null, { maxRssMb: 200 })).rejects.toMatchObject({
    type: "resource_limit",
    nonRetryable: true,
  });
});

test("an abort kills the child and refuses open calls with its reason", async () => {
  const abort = new AbortController();
  const child = startChild({ module, maxRssMb: 500, signal: abort.signal });
  await child.call("echo", null, { deadlineMs: 30_000 });
  const hanging = child.call("hang", null, { deadlineMs: 30_000 });
  const reason = new Error("cancelled");
  abort.abort(reason);
  await expect(hanging).rejects.toBe(reason);
  await expect(child.call("echo", null, { deadlineMs: 1000 })).rejects.toBe(reason);
  await expectGone(child.pid);
});

test("a child dies with its parent, even in the middle of synchronous work", async () => {
  const parent = spawn(process.execPath, ["tests/fixtures/unruly-parent.ts"], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(parent.stdout, "data")) as [Buffer];
  const pid = Number(line.toString());
  expect(isAlive(pid)).toBe(true);
  parent.kill("SIGKILL");
  await expectGone(pid);
});
