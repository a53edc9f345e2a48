import { expect, test } from "vitest";
import { problemOf, startFeed } from "./feed-setup.ts";

const day = (date: number) => new Date(Date.UTC(2026, 10, date, 6));

test("a feed says what it is and what it offers, newest first", async () => {
  await using feed = await startFeed();
  feed.host.state.hub = "https://hub.test/";
  feed.host.add({ guid: "b", title: "Second & last", file: "b.mp3", publishedAt: day(2), duration: "1:02:03" });
  feed.host.add({
    guid: "a",
    title: "First",
    file: "a.mp3",
    publishedAt: day(1),
    duration: "754",
    length: 5,
    description: "<p>About <b>that</b>.</p><script>alert(1)</script><p>More&nbsp;of it</p>",
  });
  const { url } = feed.host;
  expect(await feed.describe()).toMatchObject({
    url: `${url}/feed.xml`,
    title: "Morning Talks",
    description: "Talks & more, each morning.",
    siteUrl: `${url}/`,
    imageUrl: `${url}/cover.jpg`,
    author: "Ada Example",
    language: "en",
    hubUrl: "https://hub.test/",
    selfUrl: `${url}/feed.xml`,
    deleted: [],
    withoutMedia: 0,
    items: [
      { externalId: "b", title: "Second & last", publishedAt: day(2), durationSeconds: 3_723, mediaBytes: null },
      {
        externalId: "a",
        title: "First",
        description: "About that.\n\nMore of it",
        publishedAt: day(1),
        durationSeconds: 754,
        mediaUrl: `${url}/media/a.mp3`,
        mediaType: "audio/mpeg",
        mediaBytes: 5,
        pageUrl: null,
        chapters: null,
      },
    ],
  });
});

test("a feed that did not change is not read again, by ETag or by date", async () => {
  await using feed = await startFeed();
  feed.host.add({ guid: "a", title: "First", file: "a.mp3" });
  const first = await feed.list();
  if (first.notModified) throw new Error("It was never read before");
  expect(await feed.list(first)).toEqual({ notModified: true });
  expect(await feed.list({ etag: null, lastModified: first.lastModified })).toEqual({ notModified: true });
  expect(feed.host.requests.map(({ status }) => status)).toEqual([200, 304, 304]);

  feed.host.add({ guid: "b", title: "Second", file: "b.mp3" });
  const second = await feed.list(first);
  expect(second).toMatchObject({ description: { items: [{ externalId: "b" }, { externalId: "a" }] } });
  feed.host.remove("a");
  expect(await feed.list(first)).toMatchObject({ description: { items: [{ externalId: "b" }] } });
});

test("a hub that the answer's header names goes before the feed's", async () => {
  await using feed = await startFeed();
  feed.host.state.hub = "https://old.test/";
  feed.host.state.link = `<https://hub.test/?a=1,2>; title="x, y"; rel="hub", </other>; rel="alternate self"`;
  expect(await feed.describe()).toMatchObject({ hubUrl: "https://hub.test/?a=1,2", selfUrl: `${feed.host.url}/other` });
  feed.host.state.link = `<javascript:alert(1)>; rel=hub, <https://hub.test/>; rel=nohub`;
  expect(await feed.describe()).toMatchObject({ hubUrl: "https://old.test/", selfUrl: feed.host.feedUrl });
});

test("a page is followed once to the feed it names", async () => {
  await using feed = await startFeed();
  feed.host.add({ guid: "a", title: "First", file: "a.mp3" });
  const page = `<!DOCTYPE html><html><head><link rel="stylesheet" href="/x.css"><link rel="alternate" type="application/rss+xml" href="../feed.xml"></head><body>…</body></html>`;
  feed.host.lay("/shows/page", page, "text/html; charset=utf-8");
  expect(await feed.describe(`${feed.host.url}/shows/page`)).toMatchObject({
    url: feed.host.feedUrl,
    items: [{ externalId: "a" }],
  });
  feed.host.lay("/again", page.replace("../feed.xml", "/again"), "text/html");
  const error = await problemOf(feed.describe(`${feed.host.url}/again`));
  expect(error).toMatchObject({ problem: "not_a_feed" });
  expect(feed.host.requestsOf("/again")).toHaveLength(2);
});

test("a page instead of a known feed is no feed, and nothing is followed", async () => {
  await using feed = await startFeed();
  const page = `<!doctype html><link rel="alternate" type="application/rss+xml" href="/elsewhere">`;
  feed.host.state.feed = { body: page, type: "text/html" };
  expect(await problemOf(feed.list())).toMatchObject({ problem: "not_a_feed" });
  expect(feed.host.requests).toHaveLength(1);
});

test.each([
  [401, "not_allowed", "wants a sign-in"],
  [404, "missing", "There is nothing at"],
  [410, "gone", "is gone for good"],
  [429, "rate_limited", "asks to be left alone"],
  [500, "server_error", "failed"],
  [503, "server_error", "tried again by itself"],
])("%d is told with the address and the way out", async (status, problem, words) => {
  await using feed = await startFeed();
  feed.host.state.feedFault = { kind: "status", status };
  const error = await problemOf(feed.list());
  expect(error).toMatchObject({ problem, retryAfterMs: null });
  expect(error.message).toContain(words);
  expect(error.message).toContain(`${new URL(feed.host.url).host}/feed.xml`);
});

test("how long a server asks to be left alone is told, and a key in the address is not", async () => {
  await using feed = await startFeed();
  feed.host.state.feedFault = { kind: "status", status: 429, retryAfter: "120" };
  const error = await problemOf(feed.describe(`${feed.host.feedUrl}?auth=secret`));
  expect(error.retryAfterMs).toBeGreaterThanOrEqual(120_000);
  expect(error.message).not.toContain("secret");
});

test("up to five redirects are followed, and relative addresses start from where they end", async () => {
  await using feed = await startFeed();
  feed.host.add({ guid: "a", title: "First", file: "a.mp3" });
  feed.host.state.feedFault = { kind: "redirect", times: 5 };
  expect((await feed.describe()).items).toHaveLength(1);
  feed.host.state.feedFault = { kind: "redirect", times: 6 };
  expect(await problemOf(feed.describe())).toMatchObject({ problem: "redirected" });
});

test("a server that is silent, cut off or away is tried again", async () => {
  await using feed = await startFeed({ fetchMs: 1_500 });
  feed.host.state.feedFault = { kind: "stall", afterBytes: 10 };
  expect(await problemOf(feed.list())).toMatchObject({ problem: "timed_out" });
  feed.host.state.feedFault = { kind: "cut", afterBytes: 10 };
  expect(await problemOf(feed.list())).toMatchObject({ problem: "broken" });
  expect(await problemOf(feed.describe("http://127.0.0.1:1/feed"))).toMatchObject({ problem: "unreachable" });
});

test("an address that is not on the open internet is refused", async () => {
  await using feed = await startFeed();
  for (const address of ["http://[::1]/feed", "http://10.0.0.1/", "file:///etc/passwd", "feed", ""]) {
    expect(await problemOf(feed.describe(address))).toMatchObject({ problem: "refused" });
  }
});

test("a packed feed is read, and one that unpacks to too much is not", async () => {
  await using feed = await startFeed();
  feed.host.add({ guid: "a", title: "First", file: "a.mp3" });
  feed.host.state.feedFault = { kind: "gzip" };
  expect((await feed.describe()).items).toHaveLength(1);
  feed.host.state.feed = { body: Buffer.alloc(50_000_000, " "), type: "application/rss+xml" };
  expect(await problemOf(feed.describe())).toMatchObject({ problem: "too_large" });
});
