import { CancellationScope, getExternalWorkflowHandle, isCancellation, setHandler } from "@temporalio/workflow";
import { meetingWorkflowId } from "#domain/ids.ts";
import { agentLeft, hangUp } from "./messages.ts";
import { bookkeeping, linkOn } from "./policies.ts";
import { reasonOf } from "./run-lifecycle.ts";

export interface AgentInput {
  meetingId: string;
  attempt: number;
  /** Where the link waits for a worker; left out, in this workflow's own queue. */
  callsQueue?: string;
}

/**
 * The agent's link to a call: joined again whenever it is lost, and rolled over before the provider's limit of an hour,
 * until the meeting says that the call is over. That an agent fails is told to the people in the call and never ends
 * the meeting.
 */
export async function agent(input: AgentInput): Promise<void> {
  const { meetingId } = input;
  const scope = new CancellationScope();
  setHandler(hangUp, () => scope.cancel());
  await attendUntilOver(input, scope);
  await CancellationScope.nonCancellable(() => sayGoodbye(meetingId));
}

async function attendUntilOver({ meetingId, callsQueue }: AgentInput, scope: CancellationScope): Promise<void> {
  const link = linkOn(callsQueue);
  try {
    while ((await scope.run(() => link.attendCall({ meetingId }))) === "rollOver");
    await bookkeeping.noteAgent({ meetingId, state: "left", message: "" });
  } catch (error) {
    const isAskedFor = isCancellation(error);
    await CancellationScope.nonCancellable(() =>
      bookkeeping.noteAgent({
        meetingId,
        state: isAskedFor ? "left" : "failed",
        message: isAskedFor ? "" : reasonOf(error),
      }),
    );
  }
}

async function sayGoodbye(meetingId: string): Promise<void> {
  try {
    await getExternalWorkflowHandle(meetingWorkflowId(meetingId)).signal(agentLeft);
  } catch {
    // The meeting has ended without waiting.
  }
}
