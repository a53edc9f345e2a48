import { readFileSync } from "node:fs";
import type { WorkerEnv } from "./env.ts";

export type TemporalSettings = Pick<
  WorkerEnv,
  | "TEMPORAL_ADDRESS"
  | "TEMPORAL_API_KEY"
  | "TEMPORAL_TLS_CERT"
  | "TEMPORAL_TLS_KEY"
  | "TEMPORAL_TLS_CA"
  | "TEMPORAL_TLS_SERVER_NAME"
>;

/** How the Temporal server is reached. Any setting that speaks of TLS turns it on. Throws where a file cannot be read. */
export function temporalOptions(env: TemporalSettings) {
  const { TEMPORAL_ADDRESS: address, TEMPORAL_API_KEY: apiKey, TEMPORAL_TLS_SERVER_NAME: serverName } = env;
  const [crt, key, authority] = [
    fileOf(env, "TEMPORAL_TLS_CERT"),
    fileOf(env, "TEMPORAL_TLS_KEY"),
    fileOf(env, "TEMPORAL_TLS_CA"),
  ];
  const isSecure = [apiKey, crt, authority, serverName].some((each) => each !== undefined);
  if (!isSecure) return { address };
  return {
    address,
    ...(apiKey === undefined ? {} : { apiKey }),
    tls: {
      ...(serverName === undefined ? {} : { serverNameOverride: serverName }),
      ...(authority === undefined ? {} : { serverRootCACertificate: authority }),
      ...(crt === undefined || key === undefined ? {} : { clientCertPair: { crt, key } }),
    },
  };
}

function fileOf(env: TemporalSettings, name: "TEMPORAL_TLS_CERT" | "TEMPORAL_TLS_KEY" | "TEMPORAL_TLS_CA") {
  const path = env[name];
  if (path === undefined) return undefined;
  try {
    return readFileSync(path);
  } catch {
    throw new Error(`${name}: cannot be read`);
  }
}
