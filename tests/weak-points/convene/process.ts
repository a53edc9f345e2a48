import { Client } from "@temporalio/client";
import { DefaultLogger, NativeConnection, Runtime } from "@temporalio/worker";
import { pino } from "pino";
import { createPrisma } from "#prisma/client.ts";
import { meetingDeps, startMeetingWorker } from "#tests/meetings/worker.ts";
import { parseWebEnv } from "#web/env.ts";
import { startServer } from "#web/server.ts";
import type { Place } from "./host.ts";
import { readersAt } from "./model.ts";

// All that works on events, calls and analyses, in one process that can be killed for real; it is told where by its
// parent and says when it runs.
Runtime.install({ logger: new DefaultLogger("ERROR") });
process.on("disconnect", () => process.exit());
process.once("message", (place) => void run(place as Place));

async function run({ web, databaseUrl, temporal, taskQueue, stream, modelUrl, folder }: Place): Promise<void> {
  const { url } = await startServer(parseWebEnv(web));
  const db = createPrisma({ url: databaseUrl });
  const { address, namespace, codePath } = temporal;
  const connection = await NativeConnection.connect({ address });
  const client = new Client({ connection, namespace });
  const deps = meetingDeps({ db, client, stream, folder, log: pino({ level: process.env["TEST_LOG"] ?? "silent" }) });
  await startMeetingWorker({
    db,
    deps: { ...deps, ...readersAt(modelUrl) },
    client,
    connection,
    namespace,
    taskQueue,
    workflowBundle: { codePath },
  });
  process.send?.({ url });
}
