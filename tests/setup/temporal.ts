import { randomUUID } from "node:crypto";
import { Client, Connection } from "@temporalio/client";
import { NativeConnection } from "@temporalio/worker";
import { inject } from "vitest";
import "./temporal-runtime.ts";

export type TestTemporal = AsyncDisposable & {
  address: string;
  namespace: string;
  client: Client;
  /** For `Worker.create({ connection })`. */
  nativeConnection: NativeConnection;
  workflowBundle: { codePath: string };
  /** A name that no other test uses. */
  taskQueue: string;
};

/** The run's Temporal server, with connections of one's own: `await using temporal = await testTemporal()`. */
export async function testTemporal(): Promise<TestTemporal> {
  const address = inject("temporalAddress");
  const namespace = inject("temporalNamespace");
  const [connection, nativeConnection] = await Promise.all([
    Connection.connect({ address }),
    NativeConnection.connect({ address }),
  ]);
  return {
    address,
    namespace,
    client: new Client({ connection, namespace }),
    nativeConnection,
    workflowBundle: { codePath: inject("workflowBundlePath") },
    taskQueue: `test-${randomUUID()}`,
    async [Symbol.asyncDispose]() {
      await Promise.all([connection.close(), nativeConnection.close()]);
    },
  };
}
