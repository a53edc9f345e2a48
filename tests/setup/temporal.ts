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
  /**
   * For a worker of workflows, which run in the test's own thread: one for each of the run's 300 workers cost a tenth of
   * its processor time. The product's own processes, in `e2e` and `faults`, have theirs.
   */
  workflows: { workflowBundle: { codePath: string }; debugMode: true };
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
    workflows: { workflowBundle: { codePath: inject("workflowBundlePath") }, debugMode: true },
    taskQueue: `test-${randomUUID()}`,
    async [Symbol.asyncDispose]() {
      await Promise.all([connection.close(), nativeConnection.close()]);
    },
  };
}
