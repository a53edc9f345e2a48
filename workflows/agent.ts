import { CancellationScope, getExternalWorkflowHandle, isCancellation, setHandler } from "@temporalio/workflow";
import { meetingWorkflowId } from "#domain/ids.ts";
import { agentLeft, hangUp } from "./messages.ts";
import { bookkeeping, link } from "./policies.ts";
import { reasonOf } from "./story.ts";

export interface AgentInput {
  meetingId: string;
  attempt: number;
}

/**
 * The agent's link to a call: joined again whenever it is lost, and rolled over before the carrier's limit of an hour,
 * until the meeting says that the call is over. That an agent fails is told to the people in the call and never ends
 * the meeting.
 */
export async function agent({ meetingId }: AgentInput): Promise<void> {
  const scope = new CancellationScope();
  setHandler(hangUp, () => scope.cancel());
  await attendUntilOver(meetingId, scope);
  await CancellationScope.nonCancellable(() => sayGoodbye(meetingId));
}

async function attendUntilOver(meetingId: string, scope: CancellationScope): Promise<void> {
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
