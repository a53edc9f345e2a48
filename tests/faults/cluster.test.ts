import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Client, Connection } from "@temporalio/client";
import { expect, test } from "vitest";
import { conveneKind } from "#workflows/messages.ts";

const hasGo = spawnSync("go", ["version"]).status === 0;
const patience = { timeout: 120_000, interval: 200 };

test.skipIf(!hasGo)(
  "npm run cluster (needs Go): what runs there is kept over kill -9 of the server and of its Postgres and over a stop, and the stop leaves nobody behind",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "convene-cluster-"));
    await chmod(folder, 0o755);
    const workflowId = "waits";
    {
      await using cluster = await startCluster(folder);
      await using client = await connect(cluster.address);
      await client.workflow.start("nobody", {
        workflowId,
        taskQueue: "nobody",
        typedSearchAttributes: [{ key: conveneKind, value: "recording" }],
      });
      const found = async () => {
        const ids: string[] = [];
        for await (const { workflowId: id } of client.workflow.list({ query: `ConveneKind = "recording"` }))
          ids.push(id);
        return ids;
      };
      await expect.poll(found, patience).toEqual([workflowId]);
      const status = () => client.workflow.getHandle(workflowId).describe();
      for (const part of ["temporal", "postgres"]) {
        const before = cluster.pids().get(part)!;
        process.kill(before, "SIGKILL");
        await expect.poll(() => cluster.pids().get(part) ?? before, patience).not.toBe(before);
        await expect.poll(() => status().catch(() => null), patience).toMatchObject({ status: { name: "RUNNING" } });
      }
      const pids = [...cluster.pids().values()];
      expect(await cluster.stop()).toBe(0);
      expect(pids.filter(isAlive)).toEqual([]);
    }
    await using cluster = await startCluster(folder);
    await using client = await connect(cluster.address);
    expect(await client.workflow.getHandle(workflowId).describe()).toMatchObject({ status: { name: "RUNNING" } });
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  },
  // It may have to be built first.
  1_800_000,
);

async function startCluster(folder: string) {
  const data = join(folder, "data");
  const child = spawn(process.execPath, ["local/cluster.ts"], {
    env: { ...process.env, CONVENE_DATA: data },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "exit") as Promise<[number | null]>;
  const lines: string[] = [];
  createInterface(child.stderr).on("line", (line) => lines.push(line));
  const address = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on("line", (line) => {
      lines.push(line);
      const said = /^ready: TEMPORAL_ADDRESS=(\S+)$/.exec(line)?.[1];
      if (said) resolve(said);
    });
    void ended.then(([code]) => reject(new Error(`the cluster ended with ${code}:\n${lines.join("\n")}`)));
  });
  const stop = async () => {
    child.kill("SIGTERM");
    return (await ended)[0];
  };
  return {
    address,
    pids() {
      const records = JSON.parse(readFileSync(join(data, "cluster", "processes.json"), "utf8")) as {
        name: string;
        pid: number;
      }[];
      return new Map(records.map(({ name, pid }) => [name, pid]));
    },
    stop,
    [Symbol.asyncDispose]: async () => void (await stop()),
  };
}

async function connect(address: string) {
  const connection = await Connection.connect({ address });
  return Object.assign(new Client({ connection }), { [Symbol.asyncDispose]: () => connection.close() });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
