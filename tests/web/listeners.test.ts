import { randomBytes, randomUUID } from "node:crypto";
import { parseRssFeed } from "feedsmith";
import { expect, test } from "vitest";
import { storeDecision, storeMix } from "#records/channels/decisions.ts";
import { changeEpisode, episodeIdOf } from "#records/channels/episodes.ts";
import { addChannelRows } from "#tests/channels/channel-fixtures.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import type { TestWeb } from "./server.ts";
import { shareWeb } from "./shared-web.ts";

let db: TestDatabase;
let web: TestWeb;
shareWeb((made) => ({ db, web } = made));

const sound = randomBytes(1_000);

/** A channel with one episode that has its sound, and is out unless it is said otherwise. */
async function podcast({ isOut = true, hasSound = true } = {}) {
  const ann = await web.signUp();
  const rows = await addChannelRows(db.prisma, { userId: ann.userId, workspaceId: ann.workspaceId });
  if (hasSound) await web.deps.media.putText(`conversations/${rows.queued}/episode-1.mp3`, sound.toString("latin1"));
  const ask = (what: "publish" | "withdraw") =>
    changeEpisode(db.prisma, { userId: ann.userId, id: rows.episode }, what);
  if (isOut) await ask("publish");
  const { feedUrl } = await ann.json<{ feedUrl: string }>(`/api/channels/${rows.channel}`);
  const file = (end: string, revision = 1) => feedUrl.replace("feed.xml", `${rows.episode}-${revision}.${end}`);
  return { ann, ...rows, ask, feedUrl, file, audio: file("mp3") };
}

const read = async (url: string, headers: Record<string, string> = {}) => fetch(url, { headers });
const feedAt = async (url: string) => parseRssFeed(await (await read(url)).text());

test("a channel's feed has its published episodes, each with its id as guid, and its file where the feed says", async () => {
  const { feedUrl, episode, audio, file } = await podcast();
  const answer = await read(feedUrl);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    "content-type": "application/rss+xml; charset=utf-8",
    "cache-control": "public, max-age=300",
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
  });
  const feed = parseRssFeed(await answer.text());
  expect(feed).toMatchObject({ title: "Talks", atom: { links: [{ rel: "self", href: feedUrl }] } });
  expect(feed.items).toMatchObject([
    {
      guid: { value: episode, isPermaLink: false },
      title: "In line",
      pubDate: "Sat, 31 Jan 2026 10:00:00 GMT",
      enclosures: [{ url: audio, length: 5, type: "audio/mpeg" }],
      podcast: { transcripts: ["vtt", "srt", "json"].map((end) => ({ url: file(end) })) },
    },
  ]);
});

test("a podcast's category is chosen of Apple's list, and told to directories with its part", async () => {
  const { ann, channel, feedUrl } = await podcast();
  const change = (category: string | null) =>
    fetch(`${web.url}/api/channels/${channel}`, {
      method: "PATCH",
      headers: { ...ann.headers, "content-type": "application/json" },
      body: JSON.stringify({ category }),
    });
  const refused = await change("Gossip");
  expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining("Choose one of the list.")]);
  expect((await change("Society & Culture > Documentary")).status).toBe(200);
  expect((await feedAt(feedUrl)).itunes?.categories).toEqual([
    { text: "Society & Culture", categories: [{ text: "Documentary" }] },
  ]);
  expect(await (await change(null)).json()).toMatchObject({ category: null });
  expect((await feedAt(feedUrl)).itunes?.categories).toBeUndefined();
});

test("what is held or withdrawn, or whose file is gone, is in no feed, which stays one that can be read", async () => {
  const [held, lost, withdrawn] = [
    await podcast({ isOut: false }),
    await podcast({ hasSound: false }),
    await podcast(),
  ];
  const guid = (await feedAt(withdrawn.feedUrl)).podcast?.guid;
  await withdrawn.ask("withdraw");
  for (const { feedUrl, audio } of [held, lost, withdrawn]) {
    const { title, items } = await feedAt(feedUrl);
    expect([title, items ?? []]).toEqual(["Talks", []]);
    expect((await read(audio)).status).toBe(404);
  }
  for (const { file } of [held, withdrawn]) expect((await read(file("vtt"))).status).toBe(404);
  await withdrawn.ask("publish");
  const again = await feedAt(withdrawn.feedUrl);
  expect([again.podcast?.guid, again.items?.[0]?.guid?.value]).toEqual([guid, withdrawn.episode]);
  expect(new Set([held, lost, withdrawn].map(({ feedUrl }) => feedUrl)).size).toBe(3);
});

test("a feed is sent packed or not, and not again to who has it, until it changes", async () => {
  const { feedUrl, ask } = await podcast();
  const plain = await read(feedUrl, { "accept-encoding": "identity" });
  const text = await plain.text();
  expect(plain.headers.get("content-encoding")).toBeNull();
  expect(plain.headers.get("content-length")).toBe(String(Buffer.byteLength(text)));
  const packed = await read(feedUrl, { "accept-encoding": "gzip" });
  expect([packed.headers.get("content-encoding"), packed.headers.get("vary"), await packed.text()]).toEqual([
    "gzip",
    "Accept-Encoding",
    text,
  ]);
  const etag = plain.headers.get("etag") ?? "";
  const modified = plain.headers.get("last-modified") ?? "";
  expect(packed.headers.get("etag")).toBe(etag);
  const knowing: Record<string, string>[] = [
    { "if-none-match": etag },
    { "if-none-match": `"other", ${etag.replace("W/", "")}` },
    { "if-none-match": "*" },
    { "if-modified-since": modified },
    // The tag counts, whatever the time says.
    { "if-none-match": etag, "if-modified-since": "Thu, 01 Jan 1970 00:00:00 GMT" },
  ];
  for (const known of knowing) {
    const answer = await read(feedUrl, known);
    expect([answer.status, answer.headers.get("etag"), await answer.text()]).toEqual([304, etag, ""]);
  }
  expect((await read(feedUrl, { "if-none-match": '"other"' })).status).toBe(200);
  expect((await read(feedUrl, { "if-modified-since": "Thu, 01 Jan 1970 00:00:00 GMT" })).status).toBe(200);
  // That its source was looked at changes nothing for listeners.
  await db.prisma.channel.updateMany({ data: { checkedAt: new Date() } });
  expect((await read(feedUrl, { "if-none-match": etag })).status).toBe(304);
  const head = await fetch(feedUrl, { method: "HEAD", headers: { "accept-encoding": "identity" } });
  expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([
    200,
    String(Buffer.byteLength(text)),
    "",
  ]);
  await ask("withdraw");
  expect((await read(feedUrl, { "if-none-match": etag })).status).toBe(200);
});

test("an episode's file is given whole or in parts, by every condition that players send", async () => {
  const { audio } = await podcast();
  const whole = await read(audio);
  const bytes = Buffer.from(await whole.arrayBuffer());
  const size = bytes.length;
  const etag = whole.headers.get("etag") ?? "";
  const modified = whole.headers.get("last-modified") ?? "";
  expect([whole.status, whole.redirected, whole.headers.get("content-type")]).toEqual([200, false, "audio/mpeg"]);
  expect([whole.headers.get("content-length"), whole.headers.get("accept-ranges")]).toEqual([String(size), "bytes"]);
  expect(etag).toMatch(/^"/);
  const all = { status: 200, range: null, body: bytes };
  const part = (from: number, to: number) => ({
    status: 206,
    range: `bytes ${from}-${to}/${size}`,
    body: bytes.subarray(from, to + 1),
  });
  const none = { status: 304, range: null, body: Buffer.alloc(0) };
  const table: [Record<string, string>, object][] = [
    [{ range: "bytes=0-99" }, part(0, 99)],
    [{ range: `bytes=${size - 10}-` }, part(size - 10, size - 1)],
    [{ range: "bytes=-10" }, part(size - 10, size - 1)],
    [{ range: "bytes=0-" }, part(0, size - 1)],
    [{ range: `bytes=10-${size * 2}` }, part(10, size - 1)],
    [{ range: "bytes=9-3" }, all],
    [{ range: "bytes=0-1,5-6" }, all],
    [{ range: "seconds=0-1" }, all],
    [{ range: "bytes=0-99", "if-range": etag }, part(0, 99)],
    [{ range: "bytes=0-99", "if-range": modified }, part(0, 99)],
    [{ range: "bytes=0-99", "if-range": '"other"' }, all],
    [{ range: "bytes=0-99", "if-range": `W/${etag}` }, all],
    [{ range: "bytes=0-99", "if-range": "Thu, 01 Jan 1970 00:00:00 GMT" }, all],
    [{ range: "bytes=0-99", "if-range": "nonsense" }, all],
    [{ "if-none-match": etag }, none],
    [{ "if-none-match": etag, range: "bytes=0-99" }, none],
    [{ "if-none-match": '"other"', range: "bytes=0-99" }, part(0, 99)],
    [{ "if-modified-since": modified }, none],
  ];
  for (const [headers, expected] of table) {
    const answer = await read(audio, headers);
    const body = Buffer.from(await answer.arrayBuffer());
    const range = answer.headers.get("content-range");
    expect([headers, { status: answer.status, range, body }]).toEqual([headers, expected]);
  }
  const outside = await read(audio, { range: `bytes=${size}-` });
  expect([outside.status, outside.headers.get("content-range")]).toEqual([416, `bytes */${size}`]);
  const head = await fetch(audio, { method: "HEAD", headers: { range: "bytes=0-99" } });
  expect([head.status, head.headers.get("content-length"), head.headers.get("etag")]).toEqual([
    200,
    String(size),
    etag,
  ]);
});

test("an episode's transcript is given in the three forms that its feed names", async () => {
  const { queued, file } = await podcast();
  await db.prisma.speaker.create({
    data: { conversationId: queued, label: "SPEAKER_01", displayName: "Ada <Lovelace>" },
  });
  await db.prisma.transcriptSegment.create({
    data: {
      id: randomUUID(),
      conversationId: queued,
      sequenceNumber: 1,
      sourceKey: "1",
      speaker: "SPEAKER_01",
      text: "It was the best of times.",
      startSeconds: 1,
      endSeconds: 3.5,
    },
  });
  const [vtt, srt, json] = [await read(file("vtt")), await read(file("srt")), await read(file("json"))];
  expect([vtt, srt, json].map(({ headers }) => headers.get("content-type"))).toEqual([
    "text/vtt; charset=utf-8",
    "application/x-subrip; charset=utf-8",
    "application/json; charset=utf-8",
  ]);
  expect(await vtt.text()).toBe(
    "WEBVTT\n\n00:00:01.000 --> 00:00:03.500\n<v Ada &lt;Lovelace&gt;>It was the best of times.\n",
  );
  expect(await srt.text()).toContain("00:00:01,000 --> 00:00:03,500\nAda ‹Lovelace>: It was the best of times.");
  expect(await json.json()).toEqual({
    version: "1.0.0",
    segments: [{ speaker: "Ada <Lovelace>", startTime: 1, endTime: 3.5, body: "It was the best of times." }],
  });
  expect((await read(file("vtt"), { "if-none-match": vtt.headers.get("etag") ?? "" })).status).toBe(304);
});

test("an episode with chapters names them in its feed, and gives them as apps read them", async () => {
  const { queued, feedUrl, file, ask } = await podcast();
  const of = { videoId: queued, revision: 1 };
  expect((await feedAt(feedUrl)).items?.[0]?.podcast?.chapters).toBeUndefined();
  expect((await read(file("chapters.json"))).status).toBe(404);
  const judged = { should_autopublish: true, confidence: 1, reasons: [], startMs: 0, endMs: 400_000 };
  const chapters = [
    { title: "Begin & <end>", startMs: 0, endMs: 130_500 },
    { title: "Later", startMs: 130_500, endMs: 400_000 },
  ];
  await db.prisma.$transaction(async (tx) => {
    await storeDecision(tx, of, judged);
    await storeMix(tx, of, { parts: [], chapters, chaptersNote: "", durationMs: 400_000, lufs: -16, truePeak: -1 });
  });
  await ask("withdraw");
  expect((await read(file("chapters.json"))).status).toBe(404);
  await ask("publish");
  expect((await feedAt(feedUrl)).items?.[0]?.podcast?.chapters).toEqual({
    url: file("chapters.json"),
    type: "application/json+chapters",
  });
  const answer = await read(file("chapters.json"));
  expect(answer.headers.get("content-type")).toBe("application/json+chapters");
  expect(await answer.json()).toEqual({
    version: "1.2.0",
    chapters: [
      { startTime: 0, endTime: 130.5, title: "Begin & <end>" },
      { startTime: 130.5, endTime: 400, title: "Later" },
    ],
  });
  const known = { "if-none-match": answer.headers.get("etag") ?? "" };
  expect((await read(file("chapters.json"), known)).status).toBe(304);
});

test("what is not there, or not of this podcast, is not found, in words; nothing can be written", async () => {
  const [one, other] = [await podcast(), await podcast()];
  const folder = one.feedUrl.replace("feed.xml", "");
  const wrong = [
    `${web.url}/podcasts/${"A".repeat(22)}/feed.xml`,
    `${web.url}/podcasts/${one.channel}/feed.xml`,
    `${web.url}/podcasts/%00/feed.xml`,
    `${web.url}/podcasts/${"A".repeat(2_000)}/feed.xml`,
    `${folder}${other.episode}-1.mp3`,
    `${folder}${other.episode}-1.json`,
    `${folder}${episodeIdOf(one.video)}-1.mp3`,
    `${folder}${randomUUID()}-1.mp3`,
    `${folder}${"-".repeat(36)}-1.mp3`,
    one.file("mp3", 2),
    one.file("mp3", 999_999_999),
  ];
  for (const url of wrong) {
    const answer = await read(url);
    expect([url, answer.status, await answer.json()]).toMatchObject([
      url,
      404,
      { detail: expect.stringMatching(/There is no (podcast at this address|such episode)\. /) },
    ]);
  }
  for (const url of [one.feedUrl, one.audio, one.file("vtt")]) {
    const answer = await fetch(url, { method: "DELETE", headers: one.ann.headers });
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "GET, HEAD, OPTIONS"]);
  }
  await one.ann.json(`/api/channels/${one.channel}`, { method: "DELETE" });
  for (const url of [one.feedUrl, one.audio]) expect((await read(url)).status).toBe(404);
});
