import { rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "#local/cache-folder.ts";
import { findTemporal } from "#local/temporal-binary.ts";
import { prepareNamespace } from "#local/temporal-namespace.ts";
import { startTemporal } from "#local/temporal.ts";
import { outsideTemporal } from "#tests/setup/outside-temporal.ts";
import { newFolder } from "../stack/stack.ts";

export interface EngineServer extends AsyncDisposable {
  address: string;
  namespace: string;
  /** Of the server and its database, where they run on this machine and are known. */
  pids: number[];
}

/** A namespace of its own on the server at TEMPORAL_ADDRESS, else the embedded server as `npm start` starts it. */
export async function startServer(say: (line: string) => void): Promise<EngineServer> {
  const outside = outsideTemporal();
  if (outside) {
    const { address, namespace } = outside;
    const pids = outside.pids();
    await prepareNamespace({ address, namespace, warn: say });
    return { address, namespace, pids, [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  const folder = await newFolder();
  const binary = await findTemporal({ cacheDir: cacheFolder(), say });
  const server = await startTemporal(
    // Beside nothing of ours it has nobody to step back for.
    { binary, dbFile: join(folder, "temporal.db"), ui: false, niceness: 0 },
    { log: (name, line) => say(`${name}: ${line}`) },
  );
  await prepareNamespace({ address: server.address, namespace: server.namespace, warn: say });
  return {
    address: server.address,
    namespace: server.namespace,
    pids: [server.pid() ?? 0],
    async [Symbol.asyncDispose]() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
