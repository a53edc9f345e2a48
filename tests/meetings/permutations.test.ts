import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { shuffled } from "#tests/fakes/stream-webhooks.ts";
import { streamEvents } from "#tests/fakes/stream.ts";
import { startMeetings } from "./system.ts";

const meetings = 50;
const patience = { timeout: 150_000, interval: 250 };

test("50 meetings, each with its own order, repeats and losses of events, all end the same", async () => {
  await using at = await startMeetings();
  const agentId = await at.addAgent([
    { session_name: "Goals", goals: [] },
    { session_name: "Habits", goals: [] },
  ]);
  const ids = await Promise.all(Array.from({ length: meetings }, () => at.addMeeting(agentId)));
  // Nobody needs to be called into calls that are over: what this is about is what the deliveries come to.
  await at.db.prisma.meeting.updateMany({ where: { id: { in: ids } }, data: { heardAt: new Date() } });
  const began = Date.now() - 600_000;
  await Promise.all(
    ids.map(async (id, seed) => {
      const call = at.stream.call(id);
      await call.start({ at: new Date(began), lost: true });
      await call.end({ at: new Date(began + 300_000), lost: true });
      const [session] = call.sessions;
      const facts = { meetingId: id, sessionId: session!.id, startedAt: session!.startedAt };
      const anna = { userId: `anna-${seed}` };
      const events = [
        streamEvents.sessionStarted({ ...facts, at: session!.startedAt }),
        streamEvents.participantJoined({ ...facts, ...anna, at: new Date(began + 1_000) }),
        streamEvents.participantLeft({ ...facts, ...anna, at: new Date(began + 300_000) }),
        streamEvents.sessionEnded({ ...facts, at: session!.endedAt!, endedAt: session!.endedAt }),
      ];
      // Every third meeting loses one of its events for good; which one is the seed's.
      const lost = seed % 3 === 0 ? seed % events.length : -1;
      await at.hook.sendAll(shuffled(events, seed + 1), {
        repeat: 1 + (seed % 3),
        shuffle: seed,
        drop: (_, i) => i === lost,
      });
    }),
  );
  await at.db.prisma.$executeRaw`UPDATE run SET updated_at = now() - interval '2 minutes' WHERE status = 'active'`;
  await at.client.workflow.execute("reconcile", { workflowId: `reconcile-${randomUUID()}`, taskQueue: at.taskQueue });

  const finals = () => at.db.prisma.run.findMany({ where: { conversationId: { in: ids } } });
  await expect
    .poll(async () => (await finals()).filter(({ status }) => status === "completed").length, patience)
    .toBe(meetings);
  const rows = await at.db.prisma.meeting.findMany({ where: { id: { in: ids } }, include: { conversation: true } });
  for (const { conversation, startedAt, transcriptCollected } of rows) {
    // Whether the last person's leaving or the provider's own word showed the end first.
    expect({ startedAt, endedAt: conversation.endedAt, transcriptCollected }).toEqual({
      startedAt: new Date(began),
      endedAt: new Date(began + 300_000),
      transcriptCollected: true,
    });
  }
  const next = () =>
    at.db.prisma.meeting.groupBy({ by: ["previousId"], where: { previousId: { in: ids } }, _count: true });
  await expect.poll(async () => (await next()).length, patience).toBe(meetings);
  expect((await next()).every(({ _count }) => _count === 1)).toBe(true);
  expect(await at.db.prisma.analysis.count({ where: { conversationId: { in: ids } } })).toBe(meetings);
}, 300_000);
