import fc from "fast-check";
import { parseRssFeed } from "feedsmith";
import { expect, test } from "vitest";
import { podcastFeed } from "#domain/channels/podcast-xml.ts";
import type { Podcast, PodcastItem } from "#domain/channels/podcast-xml.ts";
import { withoutControls } from "#domain/text.ts";
import { episode, podcast, site } from "./podcast-example.ts";

const read = (changes: Partial<Podcast> = {}) => parseRssFeed(podcastFeed({ ...podcast, ...changes }));
const readItem = (changes: Partial<PodcastItem>) => read({ items: [{ ...episode, ...changes }] }).items?.[0];

test("another reader finds the podcast as it is", () => {
  expect(read()).toMatchObject({
    title: "Morning Talks",
    link: "https://talks.test/",
    description: "<p>Each morning.</p>",
    language: "en",
    lastBuildDate: "Sat, 28 Nov 2026 06:00:00 GMT",
    atom: {
      links: [
        { rel: "self", href: podcast.feedUrl },
        { rel: "hub", href: "https://hub.test/" },
      ],
    },
    itunes: {
      author: "Ada",
      image: podcast.imageUrl,
      explicit: false,
      type: "episodic",
      categories: [{ text: "Society & Culture", categories: [{ text: "Documentary" }] }],
    },
    podcast: {
      guid: podcast.guid,
      locked: { value: true, owner: "ada@talks.test" },
      medium: "podcast",
      persons: [{ display: "Bo" }],
      txts: [{ display: "true", purpose: "ai-content" }],
    },
  });
});

test("another reader finds the episode as it is", () => {
  expect(read().items).toMatchObject([
    {
      guid: { value: episode.guid, isPermaLink: false },
      title: episode.title,
      description: "<p>First line<br/>second line</p><p>3 &lt; 4 &amp; &lt;script>alert(1)&lt;/script></p>",
      link: episode.pageUrl,
      pubDate: "Fri, 27 Nov 2026 06:00:00 GMT",
      enclosures: [{ url: episode.audio.url, length: 1_234_567, type: "audio/mpeg" }],
      itunes: { duration: 1_802, image: episode.imageUrl, explicit: true, episodeType: "full" },
      podcast: {
        transcripts: [
          { url: `${site}/e-1.vtt`, type: "text/vtt", language: "en", rel: "captions" },
          { url: `${site}/e-1.html`, type: "text/html" },
        ],
        chapters: { url: episode.chaptersUrl, type: "application/json+chapters" },
        persons: [{ display: `Ada "A." O'Neil`, role: "guest" }],
        txts: [{ display: "true", purpose: "ai-content" }],
      },
    },
  ]);
});

test("what is not there is left out, and true and false are words that Apple knows", () => {
  const bare: Partial<Podcast> = {
    hubUrl: null,
    imageUrl: null,
    category: [],
    lockedOwner: null,
    persons: [],
    items: [],
  };
  const text = podcastFeed({ ...podcast, ...bare });
  for (const absent of ["hub", "itunes:image", "itunes:category", "podcast:locked", "podcast:person", "<item"]) {
    expect(text).not.toContain(absent);
  }
  expect(text).toContain("<itunes:explicit>false</itunes:explicit>");
  expect(text).not.toContain("itunes:block");
  expect(podcastFeed({ ...podcast, isPrivate: true })).toContain("<itunes:block>yes</itunes:block>");
});

test("whatever a text holds, it is read as it was, without what XML cannot hold", () => {
  const anyText = fc.string({ unit: "binary", maxLength: 60 });
  const tricky = fc.constantFrom(
    "]]>",
    "<!--",
    "&#0;",
    "&amp;",
    "\u0000",
    "\ud800",
    "\uffff",
    "\u001b[1m",
    "</item>",
    "'\"",
  );
  const text = fc.array(fc.oneof(anyText, tricky), { maxLength: 6 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, (title) => {
      const xml = podcastFeed({ ...podcast, items: [{ ...episode, title, description: title }] });
      expect(xml).not.toMatch(/(?![\t\n])\p{Cc}|\p{Cs}|[\ufffe\uffff]/u);
      expect(xml.match(/<item>/g)).toHaveLength(1);
      const kept = withoutControls(title)
        .replace(/[\ufffe\uffff]/g, "")
        .trim();
      expect(parseRssFeed(xml).items?.[0]?.title ?? "").toBe(kept);
    }),
    { numRuns: 100 },
  );
});

test("a long description ends below what Apple shows, and not within a character", () => {
  for (const part of ["word ", "<&> ", "😀", "\n\n"]) {
    const description = readItem({ description: part.repeat(5_000) })?.description ?? "";
    expect(Buffer.byteLength(description)).toBeLessThanOrEqual(4_000);
    expect(description.isWellFormed()).toBe(true);
    expect(Buffer.byteLength(description)).toBeGreaterThan(part.trim() === "" ? -1 : 3_000);
  }
});

test("PodFetch#1581: a title changes neither the episode's id nor its file's address", () => {
  const [before, after] = [readItem({}), readItem({ title: "Another title" })];
  expect(after?.guid).toEqual(before?.guid);
  expect(after?.enclosures).toEqual(before?.enclosures);
});
