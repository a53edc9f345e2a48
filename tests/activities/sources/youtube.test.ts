import { expect, test } from "vitest";
import { createYoutubeSource } from "#activities/clients/sources/youtube/youtube-source.ts";
import { youtubeAddress } from "#domain/channels/youtube.ts";
import { fakeYoutube } from "#tests/fakes/youtube.ts";
import type { FakeVideo } from "#tests/fakes/youtube.ts";
import { allowedAddresses, guardedFetch, noYtdlp, problemOf, signal } from "./feed-setup.ts";

const id = "UCabcdefghijklmnopqrstuv";
const address = `https://www.youtube.com/channel/${id}`;
const ids = (count: number) => Array.from({ length: count }, (_, at) => `video-${String(at).padStart(5, "0")}`);

async function startYoutube(videos: FakeVideo[], apiKey?: string) {
  const youtube = await fakeYoutube({ id, handle: "MorningTalks", title: "Morning & Talks", videos });
  const source = createYoutubeSource({
    guardedFetch,
    allowedAddresses,
    apiKey,
    baseUrl: youtube.url,
    ytdlp: noYtdlp,
  });
  return {
    ...youtube,
    describe: (url = address) => source.describe(url, signal()),
    async list(url = address, more: { since?: Date } = {}) {
      const listing = await source.list({ url, etag: null, lastModified: null, ...more }, signal());
      if (listing.notModified) throw new Error("It says nothing of changes");
      return listing.description;
    },
  };
}

test("a channel is found by its address in every form, its handle and its id, and no video or other page is one", () => {
  const known: Record<string, string | null> = {
    [id]: address,
    [` ${address}/videos?view=0 `]: address,
    [`youtube.com/channel/${id}`]: address,
    [`https://www.youtube.com/feeds/videos.xml?channel_id=${id}`]: address,
    "@MorningTalks": "https://www.youtube.com/@MorningTalks",
    "https://m.youtube.com/@MorningTalks/streams": "https://www.youtube.com/@MorningTalks",
    "https://youtube.com/%40Gespr%C3%A4che": "https://www.youtube.com/@Gespräche",
    "http://www.youtube.com/user/morning": "https://www.youtube.com/user/morning",
    "https://www.youtube.com/c/Morning_Talks": "https://www.youtube.com/c/Morning_Talks",
    "https://www.youtube.com/watch?v=dQw4w9WgXcQ": null,
    "https://www.youtube.com/channel/UCshort": null,
    "https://www.youtube.com/c/": null,
    "https://www.youtube.com/%E0%A4%A": null,
    "https://example.com/@MorningTalks": null,
    "https://youtube.com.example.com/@MorningTalks": null,
    "not a channel": null,
    "": null,
  };
  expect(Object.fromEntries(Object.keys(known).map((each) => [each, youtubeAddress(each)]))).toEqual(known);
});

test("without a key the channel's feed lists its videos by their ids, and tells which are deleted", async () => {
  const [first = "", second = ""] = ids(2);
  const publishedAt = new Date("2026-11-02T06:00:00Z");
  await using youtube = await startYoutube([
    { id: first, title: "Silence & sound", description: "Of both.", publishedAt },
    { id: second, title: "Before" },
  ]);
  youtube.state.deleted = ["gone-000001"];
  const found = await youtube.describe("https://www.youtube.com/@MorningTalks");
  expect(found).toMatchObject({
    url: address,
    title: "Morning & Talks",
    siteUrl: address,
    selfUrl: `https://www.youtube.com/feeds/videos.xml?channel_id=${id}`,
    deleted: ["gone-000001"],
    withoutMedia: 0,
    items: [
      {
        externalId: first,
        title: "Silence & sound",
        description: "Of both.",
        publishedAt,
        pageUrl: `https://www.youtube.com/watch?v=${first}`,
        mediaUrl: `https://www.youtube.com/watch?v=${first}`,
        imageUrl: `https://i1.ytimg.com/vi/${first}/hqdefault.jpg`,
      },
      { externalId: second },
    ],
  });
  expect(await youtube.list()).toMatchObject({ items: [{ externalId: first }, { externalId: second }] });
});

test("with a key the Data API tells lengths and what is not over, and leaves out what is private", async () => {
  const [whole = "", live = "", upcoming = "", hidden = "", raw = ""] = ids(5);
  await using youtube = await startYoutube(
    [
      { id: whole, title: "Whole", duration: "PT1H2M3S" },
      { id: live, title: "Live", live: "live" },
      { id: upcoming, title: "Premiere", live: "upcoming", scheduledFor: new Date("2026-12-24T18:00:00Z") },
      { id: hidden, title: "Private", privacy: "private" },
      { id: raw, title: "Just sent", isProcessed: false },
    ],
    "key-of-tests",
  );
  const { items } = await youtube.describe("https://www.youtube.com/@MorningTalks");
  const said = items.map(({ externalId, durationSeconds, notYet }) => [externalId, durationSeconds, notYet]);
  expect(said).toEqual([
    [whole, 3_723, null],
    [live, null, "It is live now. It is looked at again until it is over."],
    [upcoming, null, expect.stringContaining("planned for 2026-12-24 18:00 UTC")],
    [raw, 600, "YouTube is still at work on it. It is looked at again."],
  ]);
  expect(youtube.requests).not.toContain("/youtube/v3/search");
});

test("at first sight two hundred videos are listed, then the newest fifty, for three units of the quota", async () => {
  await using youtube = await startYoutube(
    ids(230).map((each) => ({ id: each, title: each })),
    "key-of-tests",
  );
  expect((await youtube.describe()).items).toHaveLength(200);
  const before = youtube.state.quota;
  expect((await youtube.list()).items).toHaveLength(50);
  expect(before - youtube.state.quota).toBe(3);
});

const day = (number: number) => new Date(Date.UTC(2026, 0, 1 + number));
/** The newest first, one a day. */
const daily = (count: number) =>
  ids(count).map((each, at) => ({ id: each, title: each, publishedAt: day(count - at) }));

test("older videos are listed page by page, each once, up to a page of which nothing is wanted", async () => {
  await using youtube = await startYoutube(daily(230), "key-of-tests");
  const read = async (since: Date) => {
    const sizes: number[] = [];
    const found = new Set<string>();
    let next: string | null | undefined = address;
    while (next) {
      const page = await youtube.list(next, { since });
      sizes.push(page.items.length);
      for (const { externalId } of page.items) found.add(externalId);
      next = page.nextUrl;
    }
    return { sizes, found: found.size };
  };
  expect(await read(day(0))).toEqual({ sizes: [50, 50, 50, 50, 30], found: 230 });
  // The hundredth day lies on the third page, and the fourth says that there is nothing more to come.
  expect((await read(day(100))).sizes).toEqual([50, 50, 50, 50]);
});

test("a page of older videos is never taken for the feed's newest: spent quotas are told, and read on at the same page", async () => {
  await using youtube = await startYoutube(daily(60), "key-of-tests");
  const { nextUrl } = await youtube.list(address, { since: day(0) });
  youtube.state.quota = 0;
  const [failed] = await Promise.allSettled([youtube.list(nextUrl ?? "", { since: day(0) })]);
  expect(failed).toMatchObject({ reason: { problem: "rate_limited" } });
  // The feed's fifteen, and what lies behind them when the quota is there again.
  const byFeed = await youtube.list(address, { since: day(0) });
  expect(byFeed.items).toHaveLength(15);
  youtube.state.quota = 100;
  expect((await youtube.list(byFeed.nextUrl ?? "", { since: day(0) })).items).toHaveLength(50);
  expect((await youtube.list(nextUrl ?? "", { since: day(0) })).items).toHaveLength(10);
});

test("without a key older videos than the feed's have no dates, which is said with the ways out", async () => {
  await using youtube = await startYoutube(daily(40));
  const { nextUrl } = await youtube.list(address, { since: day(20) });
  const [failed] = await Promise.allSettled([youtube.list(nextUrl ?? "", { since: day(20) })]);
  expect(failed).toMatchObject({
    reason: { problem: "needs_key", message: expect.stringContaining("YOUTUBE_API_KEY") },
  });
  // All that was asked for is among the fifteen.
  expect(await youtube.list(address, { since: day(30) })).toMatchObject({ nextUrl: null });
});

test.each([
  ["the quota is spent", { quota: 0 }],
  ["the key is refused", { apiKey: "another" }],
])("where %s the feed is read instead", async (_name, fault) => {
  const [only = ""] = ids(1);
  await using youtube = await startYoutube([{ id: only, title: "Only" }], "key-of-tests");
  Object.assign(youtube.state, fault);
  expect(await youtube.list()).toMatchObject({ items: [{ externalId: only, durationSeconds: null }] });
});

test("a feed that is away, a page without a channel and a feed of nonsense are told apart", async () => {
  await using youtube = await startYoutube([]);
  expect(await youtube.list()).toMatchObject({ items: [] });
  youtube.state.feedStatus = 404;
  expect(await problemOf(youtube.list())).toMatchObject({ problem: "missing" });
  expect(await problemOf(youtube.describe("https://www.youtube.com/@Nobody"))).toMatchObject({ problem: "missing" });
});
