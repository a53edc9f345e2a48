import { Client, Connection } from "@temporalio/client";
import { pino } from "pino";
import { Registry } from "prom-client";
import type { TestDatabase } from "#tests/setup/database.ts";
import { freePort } from "#tests/web/free-port.ts";
import { serveHealth } from "#worker/health.ts";
import { measureWorker } from "#worker/metrics.ts";

const log = pino({ level: "silent" });
const minute = 60_000;

/** A client that reaches nobody. */
const nobody = () => new Client({ connection: Connection.lazy({ address: "127.0.0.1:9" }) });

/** The worker's /metrics, scraped over HTTP as Prometheus would. */
export async function worker({ pool, client = nobody() }: { pool: TestDatabase["pool"]; client?: Client }) {
  const registry = new Registry();
  measureWorker({ registry, pool, client, log, linkLimitMs: 55 * minute });
  const port = await freePort();
  const health = serveHealth({ ports: [port], registry, readiness: async () => ({ isReady: true, parts: {} }) });
  return {
    async scrape() {
      const startedAt = performance.now();
      const response = await fetch(`http://127.0.0.1:${port}/metrics`);
      const text = await response.text();
      const values = valuesIn(text);
      const { status } = response;
      return { status, text, ms: performance.now() - startedAt, value: (name: string) => values.get(name) };
    },
    [Symbol.dispose]: () => health.close(),
  };
}

/** Series and their values, from the text form. */
export const valuesIn = (text: string) =>
  new Map(
    text
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ")))]),
  );
