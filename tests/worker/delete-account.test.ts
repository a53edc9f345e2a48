import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { expect, test } from "vitest";
import { requestAccountDeletion } from "#records/accounts/delete-account.ts";
import { newId } from "#records/ids.ts";
import { createFolderStore } from "#records/media/folder-store.ts";
import { mediaKeys } from "#records/media/media-store.ts";
import { startDispatcher } from "#worker/outbox-dispatcher.ts";
import type { Deliver } from "#worker/outbox-dispatcher.ts";
import { addChannelRows, addFileRows } from "#tests/channels/channel-fixtures.ts";
import { addPerson, addRecording } from "#tests/records/people.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { testTemporal } from "#tests/setup/temporal.ts";
import { testDeliver } from "./test-deliver.ts";

const log = pino({ level: "silent" });

/** What a worker hands orders over with, and the files of two people. */
async function bench() {
  const db = await testDatabase();
  const temporal = await testTemporal();
  const folder = await mkdtemp(join(tmpdir(), "delete-account-"));
  const media = createFolderStore(folder);
  const { taskQueue: light } = temporal;
  const queues = { light, heavy: light, bots: light, downloads: light, calendars: light, calls: light };
  const deliver = testDeliver({ db, client: temporal.client, media, queues });
  const [ann, ben] = [await addPerson(db.prisma), await addPerson(db.prisma)];
  const filled = async (person: typeof ann) => {
    const { id } = await addRecording(db.prisma, person);
    const { channel, queued } = await addChannelRows(db.prisma, person);
    const ofChannel = await addFileRows(db.prisma, person, channel);
    const keys = [mediaKeys(id).original, `conversations/${queued}/episode-1.mp3`, ...ofChannel];
    for (const key of keys) await media.putText(key, "sound");
    return { id, keys };
  };
  return {
    db,
    temporal,
    media,
    deliver,
    ann,
    ben,
    hers: await filled(ann),
    his: await filled(ben),
    sizes: (keys: string[]) => Promise.all(keys.map((key) => media.size(key))),
    async [Symbol.asyncDispose]() {
      await temporal[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

test("a worker that fails now and then, and hands everything over twice, removes rows, workflows and files of one person", async () => {
  await using at = await bench();
  const { db, deliver, ann, ben, hers, his } = at;
  const { id: runId } = await db.prisma.run.findFirstOrThrow({ where: { conversationId: hers.id } });
  await deliver({ kind: "run.start", payload: { runId, attempt: 1 } });
  await db.prisma.outbox.updateMany({ where: { kind: "run.start" }, data: { state: "done" } });
  await requestAccountDeletion(db.prisma, ann);

  const failed = new Set<string>();
  const shaky: Deliver = async (message) => {
    const name = JSON.stringify(message);
    await deliver(message);
    if (failed.has(name)) return;
    // Done, and not noted that it is: as if the worker had been killed here.
    failed.add(name);
    throw new Error("Killed");
  };
  const dispatcher = startDispatcher({ pool: db.pool, log, deliver: shaky });
  await expect.poll(() => db.prisma.user.count({ where: { id: ann.userId } })).toBe(0);
  const waiting = { state: "new", kind: { in: ["account.deleted", "conversation.deleted", "channel.deleted"] } };
  await expect.poll(() => db.prisma.outbox.count({ where: waiting })).toBe(0);
  await dispatcher.stop();

  expect(failed.size).toBeGreaterThan(3);
  expect(await at.sizes(hers.keys)).toEqual(hers.keys.map(() => null));
  expect(await at.sizes(his.keys)).toEqual(his.keys.map(() => "sound".length));
  const { status } = await at.temporal.client.workflow.getHandle(`recording:${hers.id}`).describe();
  expect(status.name).toBe("TERMINATED");
  expect(await db.prisma.workspace.findMany({ select: { id: true } })).toEqual([{ id: ben.workspaceId }]);
  expect(await db.prisma.conversation.count({ where: { workspaceId: ben.workspaceId } })).toBe(2);
});

test("what takes longer than one delivery may, or is waited for, is another order's, and no order is put back", async () => {
  await using at = await bench();
  const { prisma } = at.db;
  for (let count = 0; count < 150; count++) await addRecording(prisma, at.ann);
  await prisma.outbox.updateMany({ data: { state: "done" } });
  const upload = await prisma.upload.create({
    data: { id: newId(), ...at.ann, fileName: "a", sizeBytes: 1, expiresAt: new Date() },
  });
  await requestAccountDeletion(prisma, at.ann);
  // Each twice: the second time what follows is ordered already.
  const twice: Deliver = async (message) => {
    if (message.kind !== "account.deleted") return;
    await at.deliver(message);
    await at.deliver(message);
  };
  const dispatcher = startDispatcher({ pool: at.db.pool, log, deliver: twice });
  const turns = () => prisma.outbox.findMany({ where: { kind: "account.deleted" }, orderBy: { id: "asc" } });
  await expect.poll(() => prisma.conversation.count({ where: { workspaceId: at.ann.workspaceId } })).toBe(0);
  const soFar = (await turns()).length;
  expect(soFar).toBeGreaterThan(1);
  await expect.poll(async () => (await turns()).length).toBeGreaterThan(soFar + 1);
  expect(await prisma.user.count({ where: { id: at.ann.userId } })).toBe(1);
  await prisma.upload.delete({ where: { id: upload.id } });
  await expect.poll(() => prisma.user.count({ where: { id: at.ann.userId } })).toBe(0);
  await expect.poll(async () => (await turns()).every(({ state }) => state === "done")).toBe(true);
  await dispatcher.stop();
  const all = await turns();
  expect(all.map(({ payload }) => (payload as { turn: number }).turn)).toEqual(all.map((_, index) => index + 1));
  expect(all.every(({ attempts }) => attempts === 0)).toBe(true);
});
