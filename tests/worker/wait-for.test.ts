import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client, Connection } from "@temporalio/client";
import { pino } from "pino";
import { expect, inject, test } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";
import { readiness } from "#worker/readiness.ts";
import { temporalOptions } from "#worker/temporal-options.ts";
import { waitForDatabase, waitForTemporal } from "#worker/wait-for.ts";

function listened() {
  const lines: string[] = [];
  const log = pino({ level: "warn" }, { write: (line) => void lines.push((JSON.parse(line) as { msg: string }).msg) });
  return { log, lines };
}

test("a database of an older release is waited for, and the way out is told once", async () => {
  await using db = await testDatabase();
  const { log, lines } = listened();
  const [newest] = await db.prisma.$queryRaw<{ migration_name: string }[]>`
    DELETE FROM _prisma_migrations WHERE migration_name = (SELECT max(migration_name) FROM _prisma_migrations)
    RETURNING migration_name`;
  let isOver = false;
  const waiting = waitForDatabase(db.prisma, { log, pauseMs: 10 }).then(() => (isOver = true));
  await expect.poll(() => lines.length).toBe(1);
  expect(lines[0]).toContain("npm run db:migrate");
  expect(isOver).toBe(false);
  await db.prisma.$executeRaw`
    INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at)
    VALUES ('again', '', ${newest?.migration_name}, now())`;
  await waiting;
  expect(lines).toHaveLength(1);
});

test("Temporal that is away at the start is waited for, and told of once", async () => {
  const { log, lines } = listened();
  let tries = 0;
  const connect = () => ((tries += 1) < 4 ? Promise.reject(new Error("refused")) : Promise.resolve("connected"));
  expect(await waitForTemporal(connect, { log, address: "127.0.0.1:9", pauseMs: 1 })).toBe("connected");
  expect(lines).toEqual(["Temporal does not answer at TEMPORAL_ADDRESS. Waiting for it."]);
});

test("a worker is ready only while it polls, its database is of this release and Temporal answers", async () => {
  await using db = await testDatabase();
  const connection = await Connection.connect({ address: inject("temporalAddress") });
  const client = new Client({ connection });
  const { prisma } = db;
  const ok = { worker: "polling", database: "ok", temporal: "ok" };
  expect(await readiness({ worker: "polling", prisma, client })).toEqual({ isReady: true, parts: ok });
  expect(await readiness({ worker: "stopping", prisma, client })).toMatchObject({ isReady: false });
  expect(await readiness({ worker: "starting", prisma, client: null })).toMatchObject({
    isReady: false,
    parts: { temporal: "unreachable" },
  });
  await prisma.$executeRaw`
    DELETE FROM _prisma_migrations WHERE migration_name = (SELECT max(migration_name) FROM _prisma_migrations)`;
  expect(await readiness({ worker: "polling", prisma, client })).toEqual({
    isReady: false,
    parts: { ...ok, database: "not migrated" },
  });
  await connection.close();
  expect((await readiness({ worker: "polling", prisma, client })).parts["temporal"]).toBe("unreachable");
});

test("Temporal is reached by TLS as soon as a setting speaks of it, and a file that cannot be read is named", () => {
  const folder = mkdtempSync(join(tmpdir(), "convene-tls-"));
  try {
    const path = join(folder, "file.pem");
    writeFileSync(path, "pem");
    const pem = Buffer.from("pem");
    const base = { TEMPORAL_ADDRESS: "t:7233" };
    expect(temporalOptions(base)).toEqual({ address: "t:7233" });
    expect(temporalOptions({ ...base, TEMPORAL_API_KEY: "key" })).toEqual({
      address: "t:7233",
      apiKey: "key",
      tls: {},
    });
    expect(temporalOptions({ ...base, TEMPORAL_TLS_CA: path, TEMPORAL_TLS_SERVER_NAME: "temporal.internal" })).toEqual({
      address: "t:7233",
      tls: { serverRootCACertificate: pem, serverNameOverride: "temporal.internal" },
    });
    expect(temporalOptions({ ...base, TEMPORAL_TLS_CERT: path, TEMPORAL_TLS_KEY: path })).toEqual({
      address: "t:7233",
      tls: { clientCertPair: { crt: pem, key: pem } },
    });
    expect(() => temporalOptions({ ...base, TEMPORAL_TLS_CA: join(folder, "none") })).toThrow(
      "TEMPORAL_TLS_CA: cannot be read",
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("`npm run temporal:prepare` makes a namespace with its retention and search attributes, and may be repeated", async () => {
  const namespace = `prepared-${randomUUID()}`;
  const TEMPORAL_ADDRESS = inject("temporalAddress");
  const prepare = (settings: Record<string, string>) =>
    promisify(execFile)(process.execPath, ["local/temporal-prepare.ts"], {
      env: { PATH: process.env["PATH"], ...settings },
    });
  for (const _ of ["made", "repeated"]) {
    const { stdout } = await prepare({ TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE: namespace });
    expect(stdout).toBe(`namespace ${namespace} at ${TEMPORAL_ADDRESS} is ready\n`);
  }
  const connection = await Connection.connect({ address: TEMPORAL_ADDRESS });
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(7 * 86_400);
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  expect(Object.keys(customAttributes)).toEqual(
    expect.arrayContaining(["ConveneKind", "ConveneOwner", "ConveneStage"]),
  );
  await connection.close();
  await expect(prepare({ TEMPORAL_ADDRESS, TEMPORAL_TLS_CERT: "/nowhere" })).rejects.toMatchObject({
    stderr: expect.stringContaining("TEMPORAL_TLS_CERT and TEMPORAL_TLS_KEY: set both or neither"),
  });
});
