import { expect, test } from "vitest";
import { deleteChannel } from "#records/channels/channels.ts";
import { endStage } from "#records/runs/run-stages.ts";
import { addChannelRows } from "#tests/channels/channel-fixtures.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { addPerson } from "./people.ts";

test("a channel is deleted for good though a job of it stores what it made at the same moment", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const person = await addPerson(prisma);
  const { channel, queued, job } = await addChannelRows(prisma, person);
  const [stored, deleting] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  // As a judgement is stored: first what hangs on the video, then the end of the run's stage.
  const stage = prisma
    .$transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM video WHERE id = ${queued}::uuid FOR KEY SHARE`;
      stored.resolve();
      await deleting.promise;
      await endStage(tx, { runId: job, stage: "decision" }, "completed", "");
    })
    .catch(() => null);
  await stored.promise;
  const deleted = deleteChannel(prisma, person.userId, channel);
  const waiting = () => prisma.$queryRaw<unknown[]>`
    SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  await expect.poll(waiting, { interval: 20 }).toHaveLength(1);
  deleting.resolve();
  expect(await deleted).toBe(true);
  await stage;
  expect(await prisma.channel.count()).toBe(0);
});
