import { expect, test } from "vitest";
import { startMeetings } from "./system.ts";

const patience = { timeout: 60_000, interval: 150 };

test("A-113 calls that go on hold up no other: more of them than a worker does light work at once, and all is done", async () => {
  await using at = await startMeetings({ lightSlots: 3 });
  const agentId = await at.addAgent();
  const ids: string[] = [];
  for (let made = 0; made < 6; made += 1) ids.push(await at.addMeeting(agentId));
  const calls = ids.map((id) => at.stream.call(id));
  for (const call of calls) await call.start();
  for (const call of calls) await call.agent();
  await calls[0]!.end();
  await expect.poll(async () => (await at.run(ids[0]!)).status, patience).toBe("completed");
  for (const call of calls.slice(1)) expect(call.openLinks()).toHaveLength(1);
  for (const call of calls.slice(1)) await call.end();
  for (const id of ids) await expect.poll(async () => (await at.run(id)).status, patience).toBe("completed");
}, 120_000);
