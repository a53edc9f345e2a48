import { readFileSync } from "node:fs";
import { Client } from "@temporalio/client";
import { NativeConnection } from "@temporalio/worker";
import { conveneKind, conveneOwner, conveneStage } from "#workflows/messages.ts";
import type { WorkerEnv } from "./env.ts";

/** The worker's one connection to the Temporal server, used for polling and for starting alike. */
export async function connectTemporal(env: WorkerEnv): Promise<{ connection: NativeConnection; client: Client }> {
  const connection = await NativeConnection.connect({
    address: env.TEMPORAL_ADDRESS,
    ...(env.TEMPORAL_API_KEY === undefined ? {} : { apiKey: env.TEMPORAL_API_KEY, tls: true }),
    ...(env.TEMPORAL_TLS_CERT === undefined || env.TEMPORAL_TLS_KEY === undefined
      ? {}
      : {
          tls: {
            clientCertPair: {
              crt: readFileSync(env.TEMPORAL_TLS_CERT),
              key: readFileSync(env.TEMPORAL_TLS_KEY),
            },
          },
        }),
  });
  return { connection, client: new Client({ connection, namespace: env.TEMPORAL_NAMESPACE }) };
}

/** Whether the cluster has our search attributes. Some clusters let nobody but their administrators add any. */
export async function hasSearchAttributes(client: Client): Promise<boolean> {
  try {
    const { customAttributes } = await client.connection.operatorService.listSearchAttributes({
      namespace: client.options.namespace,
    });
    return [conveneKind, conveneOwner, conveneStage].every(({ name }) => name in (customAttributes ?? {}));
  } catch {
    return false;
  }
}
