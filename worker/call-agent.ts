import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from "@temporalio/client";
import type { Client } from "@temporalio/client";
import type { Logger } from "pino";
import { agentWorkflowId, meetingWorkflowId } from "#domain/ids.ts";
import type { PrismaClient } from "#records/db.ts";
import type { agent } from "#workflows/agent.ts";
import { agentReturns } from "#workflows/messages.ts";
import type { TaskQueues } from "#workflows/messages.ts";
import { NotYet } from "./outbox-dispatcher.ts";

interface Deps {
  prisma: PrismaClient;
  client: Client;
  log: Logger;
  queues: TaskQueues;
}

/** Sends an agent that gave up into its call again. One that is in it or on its way stays. */
export async function callAgent({ prisma, client, log, queues }: Deps, meetingId: string): Promise<void> {
  const run = await prisma.run.findFirst({
    where: { conversationId: meetingId, kind: "meeting", status: "active" },
    select: { attempt: true },
  });
  if (run === null) return;
  try {
    // The meeting is to wait for the last words of this one as well.
    await client.workflow.getHandle(meetingWorkflowId(meetingId)).signal(agentReturns);
    await client.workflow.start<typeof agent>("agent", {
      workflowId: agentWorkflowId(meetingId),
      taskQueue: queues.light,
      args: [{ meetingId, attempt: run.attempt, callsQueue: queues.calls }],
      workflowIdReusePolicy: "ALLOW_DUPLICATE",
      workflowIdConflictPolicy: "FAIL",
      staticSummary: `agent ${meetingId}`,
    });
    log.info({ meetingId }, "agent is called again");
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return;
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const meeting = await prisma.meeting.findUnique({ where: { id: meetingId }, select: { agentState: true } });
    // The one that gave up has still to close.
    if (meeting?.agentState === "failed") throw new NotYet(`the agent's workflow of ${meetingId} is still open`);
  }
}
