import type { Client } from "@temporalio/client";
import { WorkflowNotFoundError } from "@temporalio/client";
import type { Logger } from "pino";
import { goesOnWords, sharedSourceName } from "#domain/channels/source-wait.ts";
import type { SourceKind } from "#domain/channels/source.ts";
import { closing, jobsAt, paceOf } from "#records/channels/source-gate.ts";
import type { PrismaClient } from "#records/db.ts";
import { applyRunEvent } from "#records/runs/runs.ts";
import { sourceOpened } from "#workflows/messages.ts";

interface Deps {
  prisma: PrismaClient;
  client: Client;
  log: Logger;
}

/**
 * Has the jobs go on that waited for a source which is tried again: in the order in which they began, and no faster than
 * it lets them. Done again it does no harm: who is told twice asks once more at most.
 */
export async function wakeJobs({ prisma, client, log }: Deps, source: SourceKind): Promise<void> {
  // It has refused the first of them meanwhile: who was not told yet waits for that too.
  if ((await closing(prisma, source)) !== null) return;
  const gate = await prisma.sourceGate.findUnique({ where: { source }, select: { reason: true } });
  const reason = gate?.reason ?? "";
  const jobs = await jobsAt(prisma, source);
  const from = Date.now();
  for (const [place, { id, workflowId, attempt, message }] of jobs.entries()) {
    const inMs = place * (paceOf(source) ?? 0);
    // Others of them fetch already, or wait for something else, such as the end of a stream.
    if (reason !== "" && message.startsWith(reason)) {
      const words = goesOnWords(`${sharedSourceName} is tried again.`, new Date(from + inMs));
      const event = { type: "progress", stage: "downloading", fraction: 0, message: words } as const;
      await prisma.$transaction((tx) => applyRunEvent(tx, id, event, attempt));
    }
    await client.workflow
      .getHandle(workflowId)
      .signal(sourceOpened, { inMs })
      .catch((error: unknown) => {
        // One that has not begun yet, or is over by now, does not wait.
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      });
  }
  log.info({ source, jobs: jobs.length }, "a source is tried again");
}
