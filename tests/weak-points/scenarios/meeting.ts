import { newCall } from "../events.ts";
import { expectSoon, isAccepted, say } from "../expect.ts";
import type { MeetingSystem } from "../system.ts";

/** One of the reference design's weak points: `run` fails where it shows, and only there. */
export interface Scenario {
  /** As the list of weak points numbers them. */
  number: number;
  title: string;
  run(system: MeetingSystem): Promise<void>;
}

export const words = "The budget is settled at forty thousand";

/** A meeting of an agent of its own, and its call that has not begun. */
export async function newMeeting(system: MeetingSystem, { sessions = [] as string[] } = {}) {
  const agentId = await system.addAgent({ sessions });
  const meetingId = await system.addMeeting({ agentId, prompt: "Ask about the budget." });
  return { meetingId, call: newCall(meetingId) };
}

/** A meeting whose agent is in the call. */
export async function inCall(system: MeetingSystem, options: { sessions?: string[] } = {}) {
  const { meetingId, call } = await newMeeting(system, options);
  const start = call.started();
  const answer = await system.deliver(start);
  await expectSoon(() => isAccepted(answer), true, { what: "the start of the call is accepted", withinMs: 0 });
  await expectSoon(() => system.agentConnections(meetingId), 1, {
    what: "agents in the call",
    withinMs: system.patienceMs,
  });
  return { meetingId, call, start };
}

/** A meeting in which one sentence was said and whose call is over. */
export async function afterCall(system: MeetingSystem, options: { sessions?: string[] } = {}) {
  const meeting = await inCall(system, options);
  await say(system, { meetingId: meeting.meetingId, text: words });
  const end = meeting.call.ended();
  await system.deliver(end);
  return { ...meeting, end };
}

/** A meeting whose analysis waits for a language model that is silent. */
export async function inAnalysis(system: MeetingSystem) {
  system.setModel({ kind: "holds" });
  const meeting = await afterCall(system);
  await expectSoon(() => system.modelCalls().length > 0, true, {
    what: "the analysis has asked the model",
    withinMs: system.patienceMs,
  });
  return meeting;
}
