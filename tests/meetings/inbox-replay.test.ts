import { expect, test } from "vitest";
import { replayDelivery } from "#records/queues/inbox-replay.ts";
import { startMeetings } from "./system.ts";

const patience = { timeout: 60_000, interval: 150 };

test("a replayed delivery changes nothing twice: known to a meeting that goes on, late to one that is over", async () => {
  await using at = await startMeetings();
  const id = await at.addMeeting(await at.addAgent());
  const call = at.stream.call(id);
  await call.start();
  await expect.poll(async () => (await at.run(id)).status, patience).toBe("active");
  const first = (await at.deliveries(id)).find(({ type }) => type === "call.session_started");
  const actorId = at.owner.userId;
  const stateOf = async (deliveryId: string) =>
    (await at.db.prisma.webhookDelivery.findUniqueOrThrow({ where: { id: deliveryId } })).state;
  await expect.poll(() => stateOf(first!.id), patience).toBe("done");
  await expect.poll(async () => (await at.meeting(id)).agentGeneration, patience).toBe(1);

  const before = await at.meeting(id);
  expect(await replayDelivery(at.db.prisma, { id: first!.id, actorId })).toEqual({ ok: true, meetingId: id });
  await expect.poll(() => stateOf(first!.id), patience).toBe("done");
  expect(await at.meeting(id)).toMatchObject({ startedAt: before.startedAt, agentGeneration: before.agentGeneration });
  expect((await at.run(id)).status).toBe("active");

  await call.end();
  await expect.poll(async () => (await at.run(id)).status, patience).toBe("completed");
  // The workflow's own last word; then it is closed.
  await expect.poll(async () => (await at.meeting(id)).nextPlannedAt, patience).not.toBeNull();
  const [result, ended] = [await at.meeting(id), await at.run(id)];
  const executions = async () => (await at.handle(id).describe()).runId;
  const execution = await executions();
  await replayDelivery(at.db.prisma, { id: first!.id, actorId });
  await expect.poll(() => stateOf(first!.id), patience).toBe("late");
  expect([await at.meeting(id), await at.run(id), await executions()]).toEqual([result, ended, execution]);
}, 90_000);
