import { WorkflowNotFoundError } from "@temporalio/client";
import type { Client, WorkflowHandle } from "@temporalio/client";
import { meetingWorkflowId } from "#domain/ids.ts";
import { agentLeft, transcriptAppended } from "#workflows/messages.ts";

const deadlineMs = 3_000;

/** Tells a meeting's workflow which segments are stored. */
export const signalTranscript = (client: Client) => (meetingId: string, toSequence: number) =>
  signalled(client, meetingId, (workflow) => workflow.signal(transcriptAppended, { toSequence }));

/** Tells it that the agent has given up its last words. */
export const signalAgentLeft = (client: Client) => (meetingId: string) =>
  signalled(client, meetingId, (workflow) => workflow.signal(agentLeft));

// A meeting that is over needs no telling.
async function signalled(client: Client, meetingId: string, tell: (workflow: WorkflowHandle) => Promise<void>) {
  try {
    await client.withDeadline(Date.now() + deadlineMs, () =>
      tell(client.workflow.getHandle(meetingWorkflowId(meetingId))),
    );
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
