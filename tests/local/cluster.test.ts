import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { dynamicConfig, schemaCommands, serverConfig } from "#local/cluster-config.ts";

const login = { host: "127.0.0.1", port: 6543, user: "convene", password: "se-cret" };
const ports = {
  frontend: { grpc: 7001, membership: 7002 },
  history: { grpc: 7003, membership: 7004 },
  matching: { grpc: 7005, membership: 7006 },
  worker: { grpc: 7007, membership: 7008 },
};

test("the cluster's server has 512 shards, both stores on the one Postgres, and all services on loopback", () => {
  const config = serverConfig({ login, ports, dynamicConfigFile: "/data/dynamic.json" });
  expect(config.persistence).toMatchObject({ numHistoryShards: 512, defaultStore: "default" });
  const stores = Object.values(config.persistence.datastores).map(({ sql }) => sql);
  expect(stores.map(({ databaseName }) => databaseName)).toEqual(["temporal", "temporal_visibility"]);
  for (const store of stores) {
    expect(store).toMatchObject({ pluginName: "postgres12", connectAddr: "127.0.0.1:6543", password: "se-cret" });
  }
  expect(config.services).toEqual({
    frontend: { rpc: { grpcPort: 7001, membershipPort: 7002, bindOnLocalHost: true } },
    history: { rpc: { grpcPort: 7003, membershipPort: 7004, bindOnLocalHost: true } },
    matching: { rpc: { grpcPort: 7005, membershipPort: 7006, bindOnLocalHost: true } },
    worker: { rpc: { grpcPort: 7007, membershipPort: 7008, bindOnLocalHost: true } },
  });
  expect(config.clusterMetadata.clusterInformation.active.rpcAddress).toBe("127.0.0.1:7001");
  expect(config.dynamicConfigClient.filepath).toBe("/data/dynamic.json");
});

test("its dynamic settings are the embedded server's, so that priorities hold", () => {
  expect(dynamicConfig()).toMatchObject({
    "matching.useNewMatcher": [{ value: true }],
    "history.transferProcessorMaxPollRPS": [{ value: 1000 }],
  });
});

test("each database is made, gets its first version, and then its own schema; no argument holds the password", () => {
  const commands = schemaCommands(login);
  const deeds = commands.map((args) => {
    const database = args[args.indexOf("--database") + 1];
    return [database, ...args.slice(args.indexOf("--database") + 2)].join(" ");
  });
  expect(deeds).toEqual([
    "temporal create-database",
    "temporal setup-schema --version 0.0",
    "temporal update-schema --schema-name postgresql/v12/temporal",
    "temporal_visibility create-database",
    "temporal_visibility setup-schema --version 0.0",
    "temporal_visibility update-schema --schema-name postgresql/v12/visibility",
  ]);
  expect(commands.flat()).not.toContain("se-cret");
});

test("without Go and without programs built before, one line says so and what helps", async () => {
  const folder = await mkdtemp(join(tmpdir(), "convene-cluster-"));
  try {
    const child = spawn(process.execPath, ["local/cluster.ts"], {
      env: { ...process.env, PATH: folder, CONVENE_CACHE: join(folder, "cache"), CONVENE_DATA: join(folder, "data") },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [said, complaint, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
    expect(code).toBe(1);
    expect(said).toBe("");
    expect(complaint).toMatch(/^No Go here to build Temporal's server with: install Go .+ set TEMPORAL_ADDRESS .+\n$/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
