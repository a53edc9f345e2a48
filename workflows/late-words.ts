import { condition, getExternalWorkflowHandle, isCancellation } from "@temporalio/workflow";
import { agentWorkflowId } from "#domain/ids.ts";
import { timing } from "#domain/timing.ts";
import type { Call } from "./call-signals.ts";
import { hangUp } from "./messages.ts";

interface Meeting {
  conversationId: string;
}

/** After a call: sends its agent away and waits for its last words, but not for long. They are stored whenever they come. */
export async function waitForLateWords(meeting: Meeting, call: Call): Promise<void> {
  if (await sendAgentAway(meeting)) await condition(() => call.linkClosed, timing.drainMs);
}

/** False: there is no agent in the call (any more). */
export async function sendAgentAway({ conversationId: meetingId }: Meeting): Promise<boolean> {
  try {
    await getExternalWorkflowHandle(agentWorkflowId(meetingId)).signal(hangUp);
    return true;
  } catch (error) {
    if (isCancellation(error)) throw error;
    return false;
  }
}
