import { Client, Connection } from "@temporalio/client";
import { expect, test } from "vitest";
import { cacheFolder } from "#local/cache-folder.ts";
import { freePort } from "#local/port-checks.ts";
import { supervise } from "#local/supervisor.ts";
import { findTemporal } from "#local/temporal-binary.ts";
import { prepareTemporal } from "#local/temporal.ts";

const key = "history.hostLevelCacheMaxSize";

test("the embedded server keeps 1,000 workflows in memory, of those it has had", async () => {
  const { spec } = await prepareTemporal({ binary: "temporal" });
  expect(spec.args).toContain(`${key}=2000`);
});

test("it keeps no more of them than it is told, two entries each", async () => {
  const binary = await findTemporal({ cacheDir: cacheFolder(), say: () => undefined });
  const { spec, address } = await prepareTemporal({ binary, ui: false, niceness: 0, settings: { [key]: 20 } });
  const metricsPort = await freePort();
  const server = supervise(
    { ...spec, args: [...(spec.args ?? []), "--metrics-port", String(metricsPort)] },
    { log: () => undefined },
  );
  await server.start();
  try {
    await server.ready();
    const connection = await Connection.connect({ address });
    const { workflow } = new Client({ connection });
    const ids = Array.from({ length: 20 }, (_, index) => `cached-${index}`);
    await Promise.all(ids.map((workflowId) => workflow.start("nobody", { taskQueue: "nobody", workflowId })));
    await connection.close();
    const usage = async () => {
      const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
      return Number(/^cache_usage\{cache_type="mutablestate"[^}]*\} (\S+)/m.exec(metrics)?.[1]);
    };
    await expect.poll(usage, { timeout: 20_000 }).toBe(20);
  } finally {
    await server.stop();
  }
});
