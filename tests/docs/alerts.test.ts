import { existsSync, readFileSync } from "node:fs";
import { pino } from "pino";
import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { testDatabase } from "#tests/setup/database.ts";
import { testTemporal } from "#tests/setup/temporal.ts";
import { freePort } from "#tests/web/free-port.ts";
import { startWeb } from "#tests/web/server.ts";
import { measureQueries } from "#records/query-times.ts";
import { serveHealth } from "#worker/health.ts";
import { measureWorker } from "#worker/metrics.ts";

const Rules = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string().regex(/^Convene[A-Z]\w+$/),
          expr: z.string(),
          for: z
            .string()
            .regex(/^\d+m$/)
            .optional(),
          labels: z.strictObject({ severity: z.enum(["page", "warn"]) }),
          annotations: z.strictObject({ summary: z.string().min(20), runbook_url: z.string() }),
        }),
      ),
    }),
  ),
});

const rules = Rules.parse(parse(readFileSync("docs/alerts.yml", "utf8"))).groups.flatMap(({ rules }) => rules);
const pages = {
  runbook: readFileSync("docs/runbook.md", "utf8"),
  operations: readFileSync("docs/operations.md", "utf8"),
};
const metricsIn = (text: string) => [...new Set(text.match(/\bconvene_[a-z_]+\b/g) ?? [])];
/** As GitHub makes anchors of headings. */
const anchorsOf = (text: string) =>
  [...text.matchAll(/^##+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );

/** What Prometheus would get of both processes, fresh from their start. */
async function scrapes(): Promise<string> {
  await using db = await testDatabase();
  await using temporal = await testTemporal();
  const port = await freePort();
  await using _web = await startWeb(db, { settings: { METRICS_PORT: String(port) } });
  const registry = new Registry();
  measureQueries(registry, db.pool);
  const { client } = temporal;
  measureWorker({ registry, pool: db.pool, client, log: pino({ level: "silent" }), linkLimitMs: 3_300_000 });
  const workerPort = await freePort();
  const health = serveHealth({ ports: [workerPort], registry, readiness: async () => ({ isReady: true, parts: {} }) });
  try {
    const urls = [port, workerPort].map((each) => `http://127.0.0.1:${each}/metrics`);
    const texts = await Promise.all(urls.map(async (url) => (await fetch(url)).text()));
    return texts.join("\n");
  } finally {
    health.close();
  }
}

test("A-100 A-121 to A-125 B-62 B-67 B-68 every alert asks for series that a fresh start already shows, label by label", async () => {
  const scraped = await scrapes();
  const missing = rules.flatMap(({ alert, expr }) =>
    [...expr.matchAll(/\b(convene_\w+)(?:\{([^}]*)\})?/g)].flatMap(([, name = "", selector = ""]) => {
      const series = scraped.split("\n").filter((line) => new RegExp(`^${name}[ {]`).test(line));
      const wanted = [...selector.matchAll(/(\w+)=(~?)"([^"]*)"/g)];
      const fits = series.filter((line) =>
        wanted.every(([, label, isPattern, value]) =>
          new RegExp(`[{,]${label}="${isPattern ? `(?:${value})` : value}"`).test(line),
        ),
      );
      return fits.length > 0 ? [] : [`${alert}: ${name}{${selector}}`];
    }),
  );
  expect(missing).toEqual([]);
  const told = metricsIn(Object.values(pages).join("\n"));
  expect(told.length).toBeGreaterThan(15);
  expect(told.filter((name) => !scraped.includes(`# TYPE ${name} `))).toEqual([]);
});

test("every alert has its own name, a sentence and a place in the runbook that exists", () => {
  const names = rules.map(({ alert }) => alert);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThan(15);
  const broken = rules.filter(({ annotations }) => {
    const [file = "", anchor = ""] = annotations.runbook_url.split("#");
    return !existsSync(file) || !anchorsOf(readFileSync(file, "utf8")).includes(anchor);
  });
  expect(broken.map(({ alert, annotations }) => `${alert}: ${annotations.runbook_url}`)).toEqual([]);
});

test("links within the operators' pages lead to headings that are there", () => {
  const broken = Object.entries(pages).flatMap(([page, text]) =>
    [...text.matchAll(/\]\((\w+\.md)?#([\w-]+)\)/g)].flatMap(([, file, anchor = ""]) => {
      const target = file === undefined ? text : readFileSync(`docs/${file}`, "utf8");
      return anchorsOf(target).includes(anchor) ? [] : [`${page}: ${anchor}`];
    }),
  );
  expect(broken).toEqual([]);
});

test("A-93 A-94 A-95 A-96 A-98 B-80 the runbook has each way back, and names what schedules, signals and switches there are", () => {
  const anchors = anchorsOf(pages.runbook);
  const ways = [
    "deployment-order",
    "emergency-rollback-under-5-minutes",
    "planned-rollback",
    "partial-rollback",
    "what-a-rollback-never-loses",
  ];
  expect(ways.filter((way) => !anchors.includes(way))).toEqual([]);
  expect(pages.runbook).toMatch(/staging/);
  const code = ["worker/schedules.ts", "workflows/messages.ts", "worker/env.ts", "web/env.ts", "records/settings.ts"]
    .map((path) => readFileSync(path, "utf8"))
    .join("\n");
  const named = [
    ...pages.runbook.matchAll(/--schedule-id (convene-[a-z]+)/g),
    ...pages.runbook.matchAll(/--name ([a-zA-Z]+)/g),
    ...pages.runbook.matchAll(/\b((?:STREAM|OPENAI|REALTIME|MODEL|DATABASE)_[A-Z_]+)\b/g),
  ].map(([, name = ""]) => name);
  expect(new Set(named).size).toBeGreaterThan(8);
  expect([...new Set(named)].filter((name) => !code.includes(name))).toEqual([]);
});
