import { WorkflowNotFoundError } from "@temporalio/client";
import type { Client } from "@temporalio/client";
import { meetingWorkflowId } from "#domain/ids.ts";
import { transcriptAppended } from "#workflows/messages.ts";

const deadlineMs = 3_000;

/** Tells a meeting's workflow which segments are stored; a meeting that is over needs no telling. */
export const signalTranscript =
  (client: Client) =>
  async (meetingId: string, toSequence: number): Promise<void> => {
    try {
      await client.withDeadline(Date.now() + deadlineMs, () =>
        client.workflow.getHandle(meetingWorkflowId(meetingId)).signal(transcriptAppended, { toSequence }),
      );
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  };
