import { expect, test } from "vitest";
import { item, rss, readText } from "./feed-setup.ts";

const atom = (inside: string) =>
  `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0"><title>Talks</title>${inside}</feed>`;

test("Atom", () => {
  const text = atom(`<link rel="hub" href="https://hub.test/"/><link rel="self" href="/atom"/><link href="/site"/>
    <entry><id>urn:1</id><title type="html">One &amp;lt;b&amp;gt;</title><published>2026-11-01T06:00:00+01:00</published>
    <link href="/one"/><link rel="enclosure" type="audio/ogg" length="7" href="media/one.ogg"/></entry>`);
  expect(readText(text, "application/atom+xml")).toMatchObject({
    title: "Talks",
    siteUrl: "https://host.test/site",
    selfUrl: "https://host.test/atom",
    hubUrl: "https://hub.test/",
    items: [
      {
        externalId: "urn:1",
        publishedAt: new Date("2026-11-01T05:00:00Z"),
        pageUrl: "https://host.test/one",
        mediaUrl: "https://host.test/feeds/media/one.ogg",
        mediaType: "audio/ogg",
        mediaBytes: 7,
      },
    ],
  });
});

test("RSS 1.0, whose links may be the files", () => {
  const text = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>Talks</title><link>https://t.test</link><description>d</description></channel>
    <item rdf:about="urn:1"><title>One</title><link>https://t.test/one.mp3</link><dc:date>2026-11-01</dc:date></item>
    <item rdf:about="urn:2"><title>Two</title><link>https://t.test/two</link></item></rdf:RDF>`;
  expect(readText(text)).toMatchObject({
    items: [{ externalId: "urn:1", mediaUrl: "https://t.test/one.mp3", publishedAt: new Date("2026-11-01") }],
    withoutMedia: 1,
  });
});

test("JSON Feed", () => {
  const text = JSON.stringify({
    version: "https://jsonfeed.org/version/1.1",
    title: "Talks",
    hubs: [{ type: "WebSub", url: "https://hub.test/" }],
    items: [
      {
        id: 17,
        title: "One",
        content_html: "<p>Words</p>",
        date_published: "2026-11-01T06:00:00Z",
        attachments: [
          { url: "cover.jpg", mime_type: "image/jpeg" },
          { url: "one.m4a", mime_type: "audio/x-m4a", size_in_bytes: 5, duration_in_seconds: 61.4 },
        ],
      },
      { id: "text", content_text: "no sound" },
    ],
  });
  expect(readText(text, "application/feed+json")).toMatchObject({
    hubUrl: "https://hub.test/",
    withoutMedia: 1,
    items: [
      {
        externalId: "17",
        description: "Words",
        mediaUrl: "https://host.test/feeds/one.m4a",
        mediaBytes: 5,
        durationSeconds: 61,
      },
    ],
  });
});

test("Media RSS where there is no enclosure, the default first, pictures never", () => {
  const media = `<item><guid>1</guid><media:group><media:content url="https://c.test/p.jpg" type="image/jpeg"/><media:content url="https://c.test/low.mp4" type="video/mp4"/><media:content url="https://c.test/high.mp4" medium="video" isDefault="true" duration="95" fileSize="4"/></media:group></item>`;
  expect(readText(rss(media)).items).toMatchObject([
    { mediaUrl: "https://c.test/high.mp4", mediaType: null, durationSeconds: 95, mediaBytes: 4 },
  ]);
});

test("what a type does not say is told by the file's name", () => {
  const enclosed = (url: string, type: string) =>
    `<item><enclosure url="https://c.test/${url}" type="${type}"/></item>`;
  const items = [
    enclosed("a.mp3", ""),
    enclosed("b.mp3?x=1", "application/octet-stream"),
    enclosed("stream", ""),
    enclosed("c.opus", "application/unheard-of"),
    enclosed("d.pdf", "application/pdf"),
    enclosed("e.torrent", ""),
    enclosed("f", "text/html"),
  ];
  const described = readText(rss(items.join("")));
  expect(described.items.map(({ externalId }) => externalId.slice(15))).toEqual([
    "a.mp3",
    "b.mp3?x=1",
    "stream",
    "c.opus",
  ]);
  expect(described.withoutMedia).toBe(3);
});

test("chapters are kept, from the feed or as an address", () => {
  const inside = `<guid>1</guid><podcast:chapters url="/c.json" type="application/json+chapters"/><psc:chapters version="1.2"><psc:chapter start="00:00:00.000" title="Hello"/><psc:chapter start="1:02.5" title="Middle"/><psc:chapter start="soon" title="Never"/></psc:chapters>`;
  expect(readText(rss(item(inside))).items[0]?.chapters).toEqual({
    url: "https://host.test/c.json",
    list: [
      { startSeconds: 0, title: "Hello" },
      { startSeconds: 62.5, title: "Middle" },
    ],
  });
});

test("items without an id are known by their file", () => {
  expect(readText(rss(item("<title>One</title>", "one.mp3"))).items[0]?.externalId).toBe("https://cdn.test/one.mp3");
  expect(readText(rss(item("<guid>\u0001</guid>", "one.mp3"))).items[0]?.externalId).toBe("https://cdn.test/one.mp3");
});

test("two items with one id and two files stay two, and keep their ids when another comes", () => {
  const dated = (date: number, file: string) =>
    item(`<guid>same</guid><pubDate>${new Date(Date.UTC(2026, 10, date)).toUTCString()}</pubDate>`, file);
  const alone = readText(rss(dated(1, "a.mp3")));
  const two = readText(rss(dated(2, "b.mp3") + dated(1, "a.mp3?token=2") + dated(1, "a.mp3?token=1")));
  const three = readText(rss(dated(3, "c.mp3") + dated(2, "b.mp3") + dated(1, "a.mp3")));
  expect(alone.items.map(({ externalId }) => externalId)).toEqual(["same"]);
  expect(two.items).toHaveLength(2);
  expect(two.items[1]).toMatchObject({ externalId: "same", mediaUrl: "https://cdn.test/a.mp3?token=2" });
  expect(three.items.slice(1).map(({ externalId }) => externalId)).toEqual(
    two.items.map(({ externalId }) => externalId),
  );
  expect(new Set(three.items.map(({ externalId }) => externalId)).size).toBe(3);
});

test("dates that are none, and figures that cannot be, are left out", () => {
  const inside = `<guid>1</guid><pubDate>yesterday, 25:99</pubDate><itunes:duration>-3</itunes:duration>`;
  const old = `<guid>2</guid><pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate><itunes:duration>soon</itunes:duration>`;
  expect(readText(rss(item(inside) + item(old, "b.mp3"))).items).toMatchObject([
    { externalId: "1", publishedAt: null, durationSeconds: null },
    { externalId: "2", publishedAt: null, durationSeconds: null },
  ]);
});

test("a feed of tombstones alone tells what was deleted", () => {
  const grave = `<at:deleted-entry ref="yt:video:abc&amp;1" when="2026-11-01T00:00:00Z"><link href="https://y.test"/></at:deleted-entry>`;
  const bare = `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0">${grave}</feed>`;
  expect(readText(bare)).toMatchObject({ deleted: ["yt:video:abc&1"], items: [] });
  const beside = atom(`${grave}<entry><id>1</id><link rel="enclosure" href="a.mp3"/></entry>`);
  expect(readText(beside)).toMatchObject({ deleted: ["yt:video:abc&1"], items: [{ externalId: "1" }] });
});

test("a feed without items is one", () => {
  expect(readText(rss(""))).toMatchObject({ title: "Talks", items: [], withoutMedia: 0 });
});
