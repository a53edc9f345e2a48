import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { episodesOf } from "#records/channels/episodes.ts";
import { addChannelRows } from "#tests/channels/channel-fixtures.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { startWeb } from "./server.ts";

test("a channel's episodes are listed by the day their source gives them, a part at a time, none twice and none left out", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const { prisma } = db;
  const ann = await web.signUp();
  const { channel, episode } = await addChannelRows(prisma, ann);
  const first = await prisma.episode.findUniqueOrThrow({ where: { id: episode } });
  const video = await prisma.video.findUniqueOrThrow({
    where: { id: first.videoId },
    omit: { sourceChapters: true, fileChapters: true },
  });
  const day = (of: number) => new Date(Date.UTC(2020, 0, of));
  await prisma.episode.update({ where: { id: episode }, data: { title: "4", originalDate: day(4) } });
  // The later one is made, the older its day; two have the same, and one has none, which is listed by its making.
  for (const [title, at] of [
    ["3", day(3)],
    ["2a", day(2)],
    ["2b", day(2)],
    ["1", day(1)],
    ["new", null],
  ] as const) {
    const [id, videoId] = [randomUUID(), randomUUID()];
    await prisma.video.create({ data: { ...video, id: videoId, externalId: videoId } });
    await prisma.episode.create({ data: { ...first, id, videoId, title, originalDate: at, createdAt: new Date() } });
  }
  const list = (query: string) =>
    ann.json<{ items: { title: string }[]; nextCursor: string | null }>(`/api/channels/${channel}/episodes${query}`);
  const whole = (await list("")).items.map(({ title }) => title);
  expect(whole.map((title) => title.charAt(0))).toEqual(["n", "4", "3", "2", "2", "1"]);
  const parts: string[][] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const { items, nextCursor } = await list(`?limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`);
    parts.push(items.map(({ title }) => title));
    cursor = nextCursor;
  }
  expect(parts.map(({ length }) => length)).toEqual([2, 2, 2]);
  expect(parts.flat()).toEqual(whole);
  // The page counts its parts.
  const asked = { userId: ann.userId, channelId: channel };
  const second = await episodesOf(prisma, asked, { skip: 2, most: 2 });
  expect(second.map(({ title }) => title)).toEqual(whole.slice(2, 4));

  const status = async (query: string, by = ann) =>
    (await fetch(`${web.url}/api/channels/${channel}/episodes${query}`, { headers: by.headers })).status;
  expect(await status(`?cursor=${randomUUID()}`)).toBe(400);
  expect(await status("?cursor=next")).toBe(400);
  expect(await status("?limit=0")).toBe(400);
  expect(await status("", await web.signUp())).toBe(404);
});
