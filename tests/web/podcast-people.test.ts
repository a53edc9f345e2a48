import { parseRssFeed } from "feedsmith";
import { expect, test } from "vitest";
import { storeDecision, storeMix } from "#records/channels/decisions.ts";
import { changeEpisode } from "#records/channels/episodes.ts";
import { storeSegments } from "#records/conversations/segments.ts";
import { addChannelRows } from "#tests/channels/channel-fixtures.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import type { TestWeb } from "./server.ts";
import { shareWeb } from "./shared-web.ts";

let db: TestDatabase;
let web: TestWeb;
shareWeb((made) => ({ db, web } = made));

const said = (speaker: number, start: number) => ({
  sourceKey: String(start),
  speaker: `SPEAKER_0${speaker}`,
  text: "Words.",
  start,
  end: start + 5,
});

/** A podcast with one episode that is out: of its file's minute, in which three speak, listeners get what begins at 10 s. */
async function podcast() {
  const { prisma } = db;
  const ann = await web.signUp();
  const { channel, queued, episode } = await addChannelRows(prisma, ann);
  await web.deps.media.putText(`conversations/${queued}/episode-1.mp3`, "sound");
  const of = { videoId: queued, revision: 1 };
  const parts = [{ source: "content" as const, fromMs: 10_000, toMs: 60_000, atMs: 0, crossfadeMs: 0 }];
  await prisma.$transaction(async (tx) => {
    await storeSegments(tx, queued, [said(3, 0), said(2, 12), said(1, 20), said(2, 30)]);
    await storeDecision(tx, of, {
      should_autopublish: true,
      confidence: 1,
      reasons: [],
      startMs: 10_000,
      endMs: 60_000,
    });
    await storeMix(tx, of, { parts, chapters: [], chaptersNote: "", durationMs: 50_000, lufs: -16, truePeak: -1 });
  });
  await changeEpisode(prisma, { userId: ann.userId, id: episode }, "publish");
  const path = `/api/channels/${channel}`;
  const { feedUrl } = await ann.json<{ feedUrl: string }>(path);
  const feed = async () => parseRssFeed(await (await fetch(feedUrl)).text());
  const transcript = `/api/conversations/${queued}`;
  return {
    ann,
    queued,
    feedUrl,
    feed,
    persons: async () => (await feed()).items?.[0]?.podcast?.persons ?? [],
    settle: (body: object) => ann.json(path, { method: "PATCH", body }),
    refused: async (body: object) => {
      const headers = { ...ann.headers, "content-type": "application/json" };
      return (await fetch(`${web.url}${path}`, { method: "PATCH", headers, body: JSON.stringify(body) })).status;
    },
    name: (speaker: number, displayName: string) =>
      ann.json(`${transcript}/speakers/SPEAKER_0${speaker}`, { method: "PATCH", body: { displayName } }),
    /** Gives the words of one to another. */
    give: async (speaker: number, to: number) => {
      const words = await prisma.transcriptSegment.findMany({
        where: { conversationId: queued, speaker: `SPEAKER_0${speaker}` },
      });
      const body = { segmentIds: words.map(({ id }) => id), label: `SPEAKER_0${to}` };
      return ann.json(`${transcript}/segments`, { method: "PATCH", body });
    },
    merge: (speaker: number, into: number) =>
      ann.json(`${transcript}/speakers/SPEAKER_0${speaker}/merge`, {
        method: "POST",
        body: { into: `SPEAKER_0${into}` },
      }),
  };
}

test("an episode's speakers are in the feed by the names that people gave them, as they come in the episode", async () => {
  const { name, persons } = await podcast();
  expect(await persons()).toEqual([]);
  await name(1, "Ada <Lovelace>");
  expect(await persons()).toEqual([{ display: "Ada <Lovelace>" }]);
  await name(2, "Bo");
  expect(await persons()).toEqual([{ display: "Bo" }, { display: "Ada <Lovelace>" }]);
  // What is no name, and who is cut out.
  await name(2, "Speaker 2");
  await name(3, "Cut Out");
  expect(await persons()).toEqual([{ display: "Ada <Lovelace>" }]);
  await name(1, "");
  expect(await persons()).toEqual([]);
});

test("two speakers of one name are one person, so are two who become one, and who said nothing is none", async () => {
  const { name, persons, merge, give } = await podcast();
  await name(1, "Ada");
  await name(2, "Ada");
  expect(await persons()).toEqual([{ display: "Ada" }]);
  await name(2, "Bo");
  expect(await persons()).toHaveLength(2);
  await give(2, 3);
  expect(await persons()).toEqual([{ display: "Ada" }]);
  await give(2, 2);
  expect(await persons()).toHaveLength(2);
  await merge(2, 1);
  expect(await persons()).toEqual([{ display: "Ada" }]);
});

test("an app that asks by date alone is told of a speaker's name", async () => {
  const { name, feedUrl } = await podcast();
  const since = new Date(Date.now() - 3_600_000);
  await db.prisma.$executeRaw`UPDATE channel SET updated_at = ${since}`;
  await db.prisma.$executeRaw`UPDATE episode SET updated_at = ${since}`;
  const headers = { "if-modified-since": (await fetch(feedUrl)).headers.get("last-modified") ?? "" };
  expect((await fetch(feedUrl, { headers })).status).toBe(304);
  await name(1, "Ada");
  expect((await fetch(feedUrl, { headers })).status).toBe(200);
});

test("a podcast is locked by its owner's address alone, which stands in the feed", async () => {
  const { feed, settle, refused } = await podcast();
  expect((await feed()).podcast?.locked).toBeUndefined();
  expect(await settle({ ownerEmail: "Ada@Talks.example" })).toMatchObject({ ownerEmail: "ada@talks.example" });
  expect((await feed()).podcast?.locked).toEqual({ value: true, owner: "ada@talks.example" });
  for (const wrong of ["ada", "a@b", `${"a".repeat(250)}@b.example`, 5]) {
    expect(await refused({ ownerEmail: wrong })).toBe(400);
  }
  expect(await settle({ ownerEmail: "" })).toMatchObject({ ownerEmail: null });
  expect((await feed()).podcast?.locked).toBeUndefined();
});
