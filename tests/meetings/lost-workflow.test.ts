import { expect, test } from "vitest";
import { startMeetings } from "./system.ts";

const patience = { timeout: 45_000, interval: 150 };
const lost = { activities: { isExecutionOpen: async () => false } };

test("a workflow that was lost while its meeting is to come is begun anew by an edit or a leave, and nothing waits behind", async () => {
  await using at = await startMeetings(lost);
  const id = await at.addMeeting(await at.addAgent());
  const status = async () =>
    (
      await at
        .handle(id)
        .describe()
        .catch(() => null)
    )?.status.name;
  const waiting = () => at.db.prisma.outbox.count({ where: { state: "new" } });
  await expect.poll(status, patience).toBe("RUNNING");
  const orders = [
    ["PATCH", "", { name: "Another talk" }, 200],
    ["POST", "/leave", { last: true }, 202],
  ] as const;
  for (const [method, path, body, answer] of orders) {
    await at.handle(id).terminate("lost with Temporal's data");
    expect(await at.ask(method, `/api/meetings/${id}${path}`, body)).toBe(answer);
    await expect.poll(status, patience).toBe("RUNNING");
    await expect.poll(waiting, patience).toBe(0);
  }
  await at.handle(id).terminate("lost with Temporal's data");
  expect(await at.ask("POST", `/api/meetings/${id}/cancel`)).toBe(202);
  await expect.poll(async () => (await at.run(id)).status, patience).toBe("cancelled");
}, 120_000);

test("a meeting whose workflow was never started is cancelled at once, and moved by starting it", async () => {
  await using at = await startMeetings(lost);
  await at.stopWorker();
  const agentId = await at.addAgent();
  const [cancelled, moved] = [await at.addMeeting(agentId), await at.addMeeting(agentId)];
  await at.db.prisma.outbox.updateMany({ where: { kind: "run.start", state: "new" }, data: { state: "done" } });
  await at.startWorker();
  expect(await at.ask("POST", `/api/meetings/${cancelled}/cancel`)).toBe(202);
  await expect.poll(async () => (await at.run(cancelled)).status, patience).toBe("cancelled");
  const scheduledAt = new Date(Date.now() + 86_400_000).toISOString();
  expect(await at.ask("PATCH", `/api/meetings/${moved}`, { scheduledAt })).toBe(200);
  await expect.poll(() => at.db.prisma.outbox.count({ where: { state: "new" } }), patience).toBe(0);
  expect((await at.handle(moved).describe()).status.name).toBe("RUNNING");
}, 120_000);
