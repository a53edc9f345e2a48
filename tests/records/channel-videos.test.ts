import { expect, test } from "vitest";
import { beginCheck, completeCheck } from "#records/channels/checks.ts";
import { updateChannel } from "#records/channels/channels.ts";
import { idleVideos, noteWaiting, queueVideo, upsertVideos, videosToStart } from "#records/channels/videos.ts";
import { addChannelRows, itemOf } from "#tests/channels/channel-fixtures.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { addPerson } from "./people.ts";

test("what is new and finds no room waits, and is begun when there is, though nobody says when it came out", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const { channel: id } = await addChannelRows(prisma, await addPerson(prisma));
  const channel = await prisma.channel.update({ where: { id }, data: { checkedAt: new Date(Date.now() - 1_000) } });
  const undated = Array.from({ length: 25 }, (_, at) => ({ ...itemOf(`Talk ${at}`), publishedAt: null }));
  await upsertVideos(prisma, id, undated);
  await noteWaiting(prisma, channel);
  const first = await videosToStart(prisma, id);
  for (const video of first) await queueVideo(prisma, channel, video.id);
  // One job of the channel was at work before.
  expect(first).toHaveLength(19);
  expect(await videosToStart(prisma, id)).toEqual([]);

  await prisma.run.updateMany({
    where: { channelId: id },
    data: { status: "completed", stage: "done", percent: 100, finishedAt: new Date() },
  });
  const later = await prisma.channel.update({ where: { id }, data: { checkedAt: new Date() } });
  await noteWaiting(prisma, later);
  expect(await videosToStart(prisma, id)).toHaveLength(6);
});

test("a check that was under way when the address was changed does not bring the old one back", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const person = await addPerson(prisma);
  const { channel: id } = await addChannelRows(prisma, person);
  const check = await beginCheck(prisma, id, 60_000);
  if (typeof check === "string") throw new Error(check);
  const url = "https://podcast.example.com/moved.xml";
  expect(await updateChannel(prisma, person.userId, id, { url })).toBe(true);
  const said = { description: "", imageUrl: null, siteUrl: null, sourceAuthor: null, sourceLanguage: null };
  const found = { ...said, title: "Old", etag: '"old"', lastModified: null };
  await completeCheck(prisma, check, { ...found, url: "https://podcast.example.com/old.xml" }, 60_000);
  const row = await prisma.channel.findUniqueOrThrow({ where: { id } });
  expect(row).toMatchObject({ url, etag: null, checkedAt: null, leaseUntil: null });
});

test("what is not whole yet waits with the reason, and is begun when its source has it whole", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const { channel: id } = await addChannelRows(prisma, await addPerson(prisma));
  const channel = await prisma.channel.findUniqueOrThrow({ where: { id } });
  const premiere = { ...itemOf("Premiere"), notYet: "It has not begun yet." };
  await upsertVideos(prisma, id, [premiere]);
  await noteWaiting(prisma, channel);
  const video = await prisma.video.findFirstOrThrow({ where: { channelId: id, title: "Premiere" } });
  expect(video.state).toBe("waiting");
  expect(await idleVideos(prisma, id, 10)).toContainEqual(
    expect.objectContaining({ id: video.id, reason: "It has not begun yet." }),
  );
  expect(await videosToStart(prisma, id)).toEqual([]);
  expect(await queueVideo(prisma, channel, video.id)).toBe(false);

  await upsertVideos(prisma, id, [{ ...premiere, notYet: null }]);
  await noteWaiting(prisma, channel);
  expect((await videosToStart(prisma, id)).map((each) => each.id)).toEqual([video.id]);
  expect(await queueVideo(prisma, channel, video.id)).toBe(true);
});
