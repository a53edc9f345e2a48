import { expectEqual, expectSoon, say, settled, texts } from "./expect.ts";
import { call } from "./scenarios/call.ts";
import { inCall } from "./scenarios/meeting.ts";
import type { Scenario } from "./scenarios/meeting.ts";
import { page } from "./scenarios/page.ts";
import { processing } from "./scenarios/processing.ts";
import { transcript } from "./scenarios/transcript.ts";
import type { MeetingSystem } from "./system.ts";

/** Weak points 1 to 25 of the reference design's meetings. */
export const scenarios: Scenario[] = [...processing, ...call, ...transcript, ...page].sort(
  (a, b) => a.number - b.number,
);

/** A meeting in which nothing goes wrong: every design and every driver passes it, or its failures mean nothing. */
export async function ordinaryMeeting(system: MeetingSystem): Promise<void> {
  const { meetingId, call } = await inCall(system, { sessions: ["Goals", "Budget"] });
  expectEqual((await system.status(meetingId)).status, "active", "status while the call lasts");
  await say(system, { meetingId, speaker: "agent", text: "What do you want to reach" });
  await say(system, { meetingId, speaker: "user", text: "A release by spring" });
  expectEqual(
    await texts(system, meetingId),
    ["What do you want to reach", "A release by spring"],
    "the transcript of the call",
  );
  await system.deliver(call.ended());
  const { status, summary } = await settled(system, meetingId);
  expectEqual({ status, hasSummary: Boolean(summary) }, { status: "completed", hasSummary: true }, "the meeting");
  await expectSoon(() => system.nextMeetings(meetingId), [{ name: "Budget", status: "upcoming" }], {
    what: "the next meeting",
    withinMs: system.patienceMs,
  });
}
