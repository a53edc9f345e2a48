import fc from "fast-check";
import { expect, test } from "vitest";
import { makeReading } from "#activities/clients/sources/make-reading.ts";
import { rssOf } from "#tests/fakes/podcast-feed.ts";

const rss = rssOf(
  [
    {
      guid: "b",
      title: "Second",
      file: "b.mp3",
      publishedAt: new Date(0),
      duration: "1:02:03",
      description: "<p>B</p>",
    },
    { guid: null, title: "First", file: "a.mp3", more: `<media:content url="x.mp4" duration="5"/>` },
  ],
  { url: "https://host.test", hub: "https://hub.test" },
);
const atom = `<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0"><title>T</title><at:deleted-entry ref="x"/><entry><id>1</id><published>2026-11-01</published><link rel="enclosure" href="a.mp3"/></entry></feed>`;
const json = JSON.stringify({
  version: "https://jsonfeed.org/version/1.1",
  title: "T",
  items: [{ id: "1", date_published: "2026-11-01", attachments: [{ url: "a.mp3", mime_type: "audio/mpeg" }] }],
});

const pieces = [
  "<",
  ">",
  "]]>",
  "<![CDATA[",
  "&#x0;",
  "&",
  '"',
  "\u0000",
  "<item>",
  "</item>",
  "{",
  "]",
  "://",
  "\ufeff",
];
const damage = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  gone: fc.nat(40),
  put: fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary", maxLength: 8 })),
});

/** All texts of a value, however deep. */
const textsIn = (value: unknown): string[] =>
  typeof value === "string" ? [value] : Object.values(value ?? {}).flatMap(textsIn);

test("a damaged feed is a feed or a problem, and what is read of it can be kept", () => {
  let feeds = 0;
  const check = (text: string, damages: { at: number; gone: number; put: string }[]) => {
    const damaged = damages.reduce((now, { at, gone, put }) => {
      const from = Math.floor(at * now.length);
      return now.slice(0, from) + put + now.slice(from + gone);
    }, text);
    const reading = makeReading({ body: Buffer.from(damaged), url: "https://host.test/feed", contentType: "" });
    if (reading.type !== "feed") return;
    feeds += 1;
    const { items, deleted, ...about } = reading.description;
    expect(textsIn([items, deleted, about]).filter((each) => /(?![\t\n])\p{Cc}|\p{Cs}/u.test(each))).toEqual([]);
    expect(
      items.filter(
        ({ mediaUrl, title, externalId }) => !/^https?:/.test(mediaUrl) || title === "" || externalId === "",
      ),
    ).toEqual([]);
    expect(new Set(items.map(({ externalId }) => externalId)).size).toBe(items.length);
    expect(items.filter(({ publishedAt }) => Number.isNaN(publishedAt?.getTime() ?? 0))).toEqual([]);
  };
  const text = fc.constantFrom(rss, atom, json);
  fc.assert(fc.property(text, fc.array(damage, { maxLength: 4 }), check), { numRuns: 600 });
  expect(feeds).toBeGreaterThan(100);
});
