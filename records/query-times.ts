import type { Pool, PoolClient } from "pg";
import { Gauge, Histogram } from "prom-client";
import type { Registry } from "prom-client";

/** What a statement does, by its first word; few, since each becomes a series. */
const operations = ["select", "insert", "update", "delete", "begin", "commit", "rollback", "other"] as const;
type Operation = (typeof operations)[number];

/** Times every statement to Postgres of this process. Call it before the pool's first connection. */
export function measureQueries(registry: Registry, pool: Pool): void {
  const seconds = new Histogram({
    name: "convene_database_query_seconds",
    help: "Seconds that statements to Postgres took, by what they do (A-124)",
    labelNames: ["operation"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  for (const operation of operations) seconds.zero({ operation });
  timeQueries(pool, (operation, value) => seconds.observe({ operation }, value));
  registry.registerMetric(
    new Gauge({
      name: "convene_database_connections",
      help: "Connections to Postgres of this process; `waited_for` counts those who wait for one",
      labelNames: ["state"],
      registers: [],
      collect() {
        this.set({ state: "open" }, pool.totalCount);
        this.set({ state: "idle" }, pool.idleCount);
        this.set({ state: "waited_for" }, pool.waitingCount);
      },
    }),
  );
}

// From being sent to its end, Prisma's statements as well; connections that are open already are not timed.
function timeQueries(pool: Pool, observe: (operation: Operation, seconds: number) => void): void {
  pool.on("connect", (client: PoolClient) => {
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    const timed = (...args: unknown[]): unknown => {
      const operation = operationOf(args[0]);
      const startedAt = performance.now();
      const stop = () => observe(operation, (performance.now() - startedAt) / 1000);
      const last = args.at(-1);
      if (typeof last === "function") {
        const done = (...answer: unknown[]) => {
          stop();
          (last as (...answer: unknown[]) => void)(...answer);
        };
        return query(...args.slice(0, -1), done);
      }
      const answer = query(...args);
      if (answer instanceof Promise) answer.then(stop, stop);
      return answer;
    };
    client.query = timed as typeof client.query;
  });
}

function operationOf(statement: unknown): Operation {
  const text = typeof statement === "string" ? statement : (statement as { text?: unknown } | null)?.text;
  const word = typeof text === "string" ? /^\s*(\w+)/.exec(text)?.[1]?.toLowerCase() : undefined;
  return operations.find((operation) => operation === word) ?? "other";
}
