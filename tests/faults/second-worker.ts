import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { expect } from "vitest";
import { freePort } from "#local/port-checks.ts";
import type { Convene } from "./convene.ts";

const fieldsOf = async (pid: number, file: "cmdline" | "environ") =>
  (await readFile(`/proc/${pid}/${file}`, "utf8")).split("\0").filter((field) => field !== "");

/** What the worker was started with. */
export async function workerEnv(convene: Convene): Promise<Record<string, string>> {
  const fields = await fieldsOf(convene.pidOf("worker") ?? 0, "environ");
  return Object.fromEntries(fields.map((field) => [field.split("=", 1)[0] ?? "", field.slice(field.indexOf("=") + 1)]));
}

/** Another process of the same worker, on the same queues, database and folders. Ready when it takes work. */
export async function startSecondWorker(convene: Convene) {
  const [command = "", ...args] = await fieldsOf(convene.pidOf("worker") ?? 0, "cmdline");
  const port = await freePort();
  const { NODE_CHANNEL_FD: _parents, ...env } = await workerEnv(convene);
  const child = spawn(command, args, {
    stdio: "ignore",
    env: { ...env, METRICS_PORT: String(await freePort()), WORKER_HEALTH_PORT: String(port) },
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const isReady = () =>
    fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
  await expect.poll(isReady, { timeout: 120_000 }).toBe(true);
  return {
    async [Symbol.asyncDispose]() {
      // What is in order gives back what it has; what is killed has to be missed first.
      child.kill("SIGTERM");
      await ended;
    },
  };
}
