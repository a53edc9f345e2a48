import { Client } from "@temporalio/client";
import { NativeConnection } from "@temporalio/worker";
import { conveneKind, conveneOwner, conveneStage } from "#workflows/messages.ts";
import type { temporalOptions } from "./temporal-options.ts";

/** The worker's one connection to the Temporal server, used for polling and for starting alike. */
export async function connectTemporal(
  options: ReturnType<typeof temporalOptions>,
  namespace: string,
): Promise<{ connection: NativeConnection; client: Client }> {
  const connection = await NativeConnection.connect(options);
  return { connection, client: new Client({ connection, namespace }) };
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
