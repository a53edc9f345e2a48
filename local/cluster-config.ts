import { DYNAMIC_CONFIG } from "./temporal.ts";

export type DatabaseLogin = { host: string; port: number; user: string; password: string };

/** Fixed for the life of the databases. */
const SHARDS = 512;
const PLUGIN = "postgres12";
const STORES = [
  { database: "temporal", schema: "postgresql/v12/temporal" },
  { database: "temporal_visibility", schema: "postgresql/v12/visibility" },
] as const;

/** `frontend` is where programs connect to; the others are the services' own ways to each other. */
export type ClusterPorts = Record<"frontend" | "history" | "matching" | "worker", { grpc: number; membership: number }>;

/**
 * What `temporal-sql-tool` is to be called with, one call after the other, to make both databases or bring them to its
 * release; each may be repeated. The password goes by `SQL_PASSWORD`, since arguments can be read by everybody.
 */
export function schemaCommands({ host, port, user }: DatabaseLogin): string[][] {
  return STORES.flatMap(({ database, schema }) => {
    const at = ["--plugin", PLUGIN, "--endpoint", host, "--port", String(port), "--user", user, "--database", database];
    return [
      [...at, "create-database"],
      [...at, "setup-schema", "--version", "0.0"],
      [...at, "update-schema", "--schema-name", schema],
    ];
  });
}

/** The server's configuration: all services in one process on loopback, both stores on one Postgres. */
export function serverConfig({
  login,
  ports,
  dynamicConfigFile,
}: {
  login: DatabaseLogin;
  ports: ClusterPorts;
  dynamicConfigFile: string;
}) {
  const store = (databaseName: string) => ({
    sql: {
      pluginName: PLUGIN,
      databaseName,
      connectAddr: `${login.host}:${login.port}`,
      connectProtocol: "tcp",
      user: login.user,
      password: login.password,
      // For each of the four services.
      maxConns: 20,
      maxIdleConns: 20,
      maxConnLifetime: "1h",
    },
  });
  const services = Object.entries(ports).map(([name, { grpc, membership }]) => [
    name,
    { rpc: { grpcPort: grpc, membershipPort: membership, bindOnLocalHost: true } },
  ]);
  return {
    log: { stdout: true, level: "error" },
    persistence: {
      defaultStore: "default",
      visibilityStore: "visibility",
      numHistoryShards: SHARDS,
      datastores: { default: store(STORES[0].database), visibility: store(STORES[1].database) },
    },
    global: { membership: { maxJoinDuration: "30s", broadcastAddress: "127.0.0.1" } },
    services: Object.fromEntries(services) as Record<string, object>,
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: "active",
      currentClusterName: "active",
      clusterInformation: {
        active: {
          enabled: true,
          initialFailoverVersion: 1,
          rpcName: "frontend",
          rpcAddress: `127.0.0.1:${ports.frontend.grpc}`,
        },
      },
    },
    dcRedirectionPolicy: { policy: "noop" },
    dynamicConfigClient: { filepath: dynamicConfigFile, pollInterval: "60s" },
  };
}

/** The settings of the embedded server, in the form of a file: each a list of values with what they are bound to. */
export const dynamicConfig = (): Record<string, { value: unknown }[]> =>
  Object.fromEntries(Object.entries(DYNAMIC_CONFIG).map(([key, value]) => [key, [{ value }]]));
