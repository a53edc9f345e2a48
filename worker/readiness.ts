import type { Client } from "@temporalio/client";
import { databaseState } from "#prisma/migration-state.ts";
import type { PrismaClient } from "#records/db.ts";
import type { Readiness } from "./health.ts";

const answerMs = 2_000;

interface Parts {
  worker: "starting" | "polling" | "stopping";
  prisma: Pick<PrismaClient, "$queryRaw">;
  /** Null until Temporal has answered for the first time. */
  client: Client | null;
}

/** Whether this worker gets its work done: it polls, the database is of its release, and Temporal answers. */
export async function readiness({ worker, prisma, client }: Parts): Promise<Readiness> {
  const [database, temporal] = await Promise.all([databaseState(prisma), client !== null && answers(client)]);
  return {
    isReady: worker === "polling" && database === "ok" && temporal,
    parts: { worker, database, temporal: temporal ? "ok" : "unreachable" },
  };
}

const answers = ({ connection }: Client) =>
  connection
    .withDeadline(Date.now() + answerMs, () => connection.workflowService.getSystemInfo({}))
    .then(
      () => true,
      () => false,
    );
