import { MockActivityEnvironment } from "@temporalio/testing";
import { pino } from "pino";
import { expect, test } from "vitest";
import { createAgentLinkActivities } from "#activities/agent-link.ts";
import type { AgentSeat, CallProvider } from "#activities/clients/calls/call-provider.ts";
import { createHeldLinks } from "#activities/held-links.ts";
import { notifyCallEnd } from "#records/meetings/call-ends.ts";
import { createAgent } from "#records/meetings/agents.ts";
import { createMeeting } from "#records/meetings/meetings.ts";
import { segmentsOf } from "#records/conversations/segments.ts";
import { addPerson } from "#tests/records/people.ts";
import { testDatabase } from "#tests/setup/database.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import { createCallEnds } from "#worker/call-ends.ts";

const log = pino({ level: "silent" });

async function addMeeting({ prisma }: TestDatabase) {
  const { userId, workspaceId } = await addPerson(prisma);
  const draft = { name: "Ada", instructions: "", voice: "alloy", blueprint: {} };
  const agentId = await createAgent(prisma, { userId, workspaceId, ...draft });
  const order = { userId, workspaceId, agentId, name: "A talk", prompt: "", scheduledAt: null, durationMinutes: 30 };
  const created = await createMeeting(prisma, { ...order, provider: "practice" });
  if (!created.ok) throw new Error(created.reason);
  return created.id;
}

/** An agent in a call of which Temporal never says that it is over, since no heartbeat is answered. */
function seated(db: TestDatabase) {
  const joined = Promise.withResolvers<AgentSeat>();
  const left: string[] = [];
  const provider: CallProvider = {
    id: "practice",
    async connectAgent(seat) {
      const closed = Promise.withResolvers<{ askedFor: boolean; reason: string }>();
      joined.resolve(seat);
      return { closed: closed.promise, close: async () => closed.resolve({ askedFor: true, reason: "asked" }) };
    },
    callState: async () => null,
    endCall: async () => {},
  };
  const { attendCall } = createAgentLinkActivities({
    prisma: db.prisma,
    log,
    calls: { practice: provider },
    linkLimitMs: 3_600_000,
    signalTranscript: async () => {},
    signalAgentLeft: async (meetingId) => void left.push(meetingId),
    callEnds: createCallEnds({ pool: db.pool, log }),
    heldLinks: createHeldLinks({ mostMs: 1_000 }),
    collectsLive: () => true,
  });
  return { attendCall, joined: joined.promise, left };
}

const said = (text: string) => ({
  time: new Date().toISOString(),
  source: "server" as const,
  event: { type: "response.output_audio_transcript.done", item_id: text, transcript: text },
});

/** Tells of the end until it is heard: the first words may come before anybody listens. */
async function endCall({ prisma }: TestDatabase, id: string, attending: Promise<unknown>) {
  let isHeard = false;
  void attending.then(() => (isHeard = true));
  await expect
    .poll(async () => {
      await prisma.$transaction((tx) => notifyCallEnd(tx, id));
      return isHeard;
    })
    .toBe(true);
}

test("an agent leaves as soon as its call is over, with its last words stored, and says so", async () => {
  await using db = await testDatabase();
  const id = await addMeeting(db);
  const { attendCall, joined, left } = seated(db);
  const attending = new MockActivityEnvironment().run(attendCall, { meetingId: id });
  const seat = await joined;
  seat.onEvent(said("Good-bye."));
  await endCall(db, id, attending);
  expect(await attending).toBe("over");
  expect((await segmentsOf(db.prisma, id)).map(({ text }) => text)).toEqual(["Good-bye."]);
  expect(left).toEqual([id]);
});

test("an older link does not say for the newer one that the agent has left", async () => {
  await using db = await testDatabase();
  const id = await addMeeting(db);
  const { attendCall, joined, left } = seated(db);
  const attending = new MockActivityEnvironment().run(attendCall, { meetingId: id });
  await joined;
  await db.prisma.meeting.update({ where: { id }, data: { agentGeneration: { increment: 1 } } });
  await endCall(db, id, attending);
  expect(await attending).toBe("over");
  expect(left).toEqual([]);
});
