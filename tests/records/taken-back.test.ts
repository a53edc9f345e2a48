import { expect, test } from "vitest";
import { changeEpisode, episodeOf, storeEpisode } from "#records/channels/episodes.ts";
import { takeOverWords } from "#records/channels/source-metadata.ts";
import { noteListedAgain, noteTakenBack } from "#records/channels/taken-back.ts";
import { idleVideos, queueVideo, upsertVideos } from "#records/channels/videos.ts";
import { addChannelRows, itemOf } from "#tests/channels/channel-fixtures.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { addPerson } from "./people.ts";

async function setUp(db: Awaited<ReturnType<typeof testDatabase>>, withdrawsDeleted: boolean) {
  const { prisma } = db;
  const person = await addPerson(prisma);
  const rows = await addChannelRows(prisma, person);
  const channel = await prisma.channel.update({ where: { id: rows.channel }, data: { withdrawsDeleted } });
  const videos = await prisma.video.findMany({ where: { channelId: channel.id } });
  await changeEpisode(prisma, { userId: person.userId, id: rows.episode }, "publish");
  const episode = () => episodeOf(prisma, person.userId, rows.episode);
  return { prisma, person, rows, channel, episode, externalIds: videos.map(({ externalId }) => externalId) };
}

test("what its source takes back is not begun any more, and no look brings it back", async () => {
  await using db = await testDatabase();
  const { prisma, rows, channel, episode, externalIds } = await setUp(db, false);
  await noteTakenBack(prisma, channel, [...externalIds, "of another channel"]);
  expect(await idleVideos(prisma, channel.id, 10)).toEqual([]);
  expect(await queueVideo(prisma, channel, rows.video)).toBe(false);
  const idle = await prisma.video.findUniqueOrThrow({ where: { id: rows.video } });
  await upsertVideos(prisma, channel.id, [{ ...itemOf("Listed again"), externalId: idle.externalId }]);
  expect(await idleVideos(prisma, channel.id, 10)).toEqual([]);
  // This channel does not withdraw what is out.
  expect(await episode()).toMatchObject({ state: "published" });
});

test("what a source lists again a day after it took it back is there again, and what was begun is not begun anew", async () => {
  await using db = await testDatabase();
  const { prisma, rows, channel, episode, externalIds } = await setUp(db, true);
  await noteTakenBack(prisma, channel, externalIds);
  const states = async () =>
    Object.fromEntries(
      (await prisma.video.findMany({ where: { channelId: channel.id } })).map(({ id, state }) => [id, state]),
    );
  const gone = { [rows.video]: "gone", [rows.queued]: "gone" };
  // A cache may list it for a while.
  await noteListedAgain(prisma, channel, externalIds);
  expect(await states()).toEqual(gone);
  await prisma.video.updateMany({ data: { updatedAt: new Date(Date.now() - 25 * 3_600_000) } });
  await noteListedAgain(prisma, channel, ["another"]);
  expect(await states()).toEqual(gone);
  await noteListedAgain(prisma, channel, externalIds);
  expect(await states()).toEqual({ [rows.video]: "discovered", [rows.queued]: "queued" });
  expect(await queueVideo(prisma, channel, rows.queued)).toBe(false);
  expect(await queueVideo(prisma, channel, rows.video)).toBe(true);
  expect(await episode()).toMatchObject({ state: "withdrawn" });
});

test("a channel that says so withdraws the episode of what was deleted, and tells its owner once", async () => {
  await using db = await testDatabase();
  const { prisma, person, rows, channel, episode, externalIds } = await setUp(db, true);
  await noteTakenBack(prisma, channel, externalIds);
  expect(await episode()).toMatchObject({ state: "withdrawn", reason: "Its source took it back" });
  // A person who publishes it all the same has the last word.
  await changeEpisode(prisma, { userId: person.userId, id: rows.episode }, "publish");
  await noteTakenBack(prisma, channel, externalIds);
  expect(await episode()).toMatchObject({ state: "published", reason: "" });
  const notices = await prisma.notification.findMany({ where: { userId: person.userId } });
  expect(notices).toMatchObject([{ type: "episode.withdrawn", title: "“In line” was withdrawn" }]);
});

test("an episode that is made of what was taken back meanwhile waits for a person", async () => {
  await using db = await testDatabase();
  const { prisma, person, rows, channel, externalIds } = await setUp(db, true);
  await prisma.channel.update({ where: { id: channel.id }, data: { mode: "all" } });
  await prisma.episode.delete({ where: { id: rows.episode } });
  await noteTakenBack(prisma, channel, externalIds);
  const video = await prisma.video.findUniqueOrThrow({ where: { id: rows.queued } });
  const audio = { audioKey: "x", audioType: "audio/mpeg", audioBytes: 5, durationMs: 60_000 };
  await prisma.$transaction((tx) => storeEpisode(tx, video, audio));
  expect(await episodeOf(prisma, person.userId, rows.episode)).toMatchObject({ state: "held" });
});

test("an episode follows its source's title, and its channel's page is told, until a person words it", async () => {
  await using db = await testDatabase();
  const { prisma, rows, channel, episode } = await setUp(db, false);
  const { externalId } = await prisma.video.findUniqueOrThrow({ where: { id: rows.queued } });
  const look = async (title: string) => {
    await upsertVideos(prisma, channel.id, [{ ...itemOf(title), externalId, description: `About ${title}` }]);
    await prisma.$transaction((tx) => takeOverWords(tx, channel.id, [externalId]));
  };
  const told = () => prisma.liveEvent.count({ where: { type: "episode.changed" } });
  const before = await told();
  await look("Mended");
  await look("Mended");
  expect(await episode()).toMatchObject({ title: "Mended", description: "About Mended", state: "published" });
  expect(await told()).toBe(before + 1);
  await prisma.episode.update({ where: { id: rows.episode }, data: { title: "My own", editedAt: new Date() } });
  await look("Mended again");
  expect(await episode()).toMatchObject({ title: "My own", description: "About Mended" });
});
