import { parseFeed } from "podcast-partytime";
import getPodcastFromFeed from "podparse";
import { expect, test } from "vitest";
import { podcastFeed } from "#domain/channels/podcast-xml.ts";
import { hasPython, readByPython } from "#tests/fixtures/python-readers.ts";
import { episode, podcast, site } from "./podcast-example.ts";

// Readers that podcast apps and directories are built with, beside the one of podcast-feed.test.ts.
const text = podcastFeed(podcast);

test("podcast-partytime, which the Podcast Index reads feeds with, finds podcast and episode as they are", () => {
  expect(parseFeed(text)).toMatchObject({
    guid: podcast.guid,
    title: "Morning Talks",
    language: "en",
    explicit: false,
    itunesBlock: false,
    itunesImage: podcast.imageUrl,
    itunesCategory: ["Society & Culture > Documentary"],
    pubsub: { self: podcast.feedUrl, hub: "https://hub.test/" },
    locked: true,
    podcastOwner: "ada@talks.test",
    medium: "podcast",
    items: [
      {
        guid: episode.guid,
        title: episode.title,
        link: episode.pageUrl,
        pubDate: episode.publishedAt,
        duration: 1_802,
        explicit: true,
        enclosure: { url: episode.audio.url, length: 1_234_567, type: "audio/mpeg" },
        podcastTranscripts: [{ url: `${site}/e-1.vtt`, type: "text/vtt", language: "en", rel: "captions" }, {}],
        podcastChapters: { url: episode.chaptersUrl, type: "application/json+chapters" },
        podcastPeople: [{ name: `Ada "A." O'Neil`, role: "Guest" }],
      },
    ],
  });
});

test("podcast-partytime is told that a private podcast stays out of directories", () => {
  expect(parseFeed(podcastFeed({ ...podcast, isPrivate: true }))).toMatchObject({ itunesBlock: true });
});

test("podparse finds podcast and episode as they are", () => {
  expect(getPodcastFromFeed(text)).toMatchObject({
    meta: {
      title: "Morning Talks",
      link: "https://talks.test/",
      author: "Ada",
      guid: podcast.guid,
      explicit: false,
      image: { url: podcast.imageUrl },
      person: [{ name: "Bo" }],
    },
    episodes: [
      {
        guid: episode.guid,
        title: episode.title,
        link: episode.pageUrl,
        duration: 1_802,
        explicit: true,
        image: { url: episode.imageUrl },
        enclosure: { url: episode.audio.url, length: 1_234_567, type: "audio/mpeg" },
        chapters: { url: episode.chaptersUrl },
        person: [{ name: `Ada "A." O'Neil`, role: "guest" }],
      },
    ],
  });
});

test.skipIf(!hasPython)(
  "Python's feedparser and podcastparser (gPodder) find podcast and episode as they are",
  async () => {
    const read = await readByPython(text);
    expect(read.feedparser).toMatchObject({
      bozo: false,
      version: "rss20",
      feed: {
        title: "Morning Talks",
        link: "https://talks.test/",
        language: "en",
        author: "Ada",
        image: { href: podcast.imageUrl },
        podcast_guid: podcast.guid,
      },
      entries: [
        {
          id: episode.guid,
          guidislink: false,
          title: episode.title,
          link: episode.pageUrl,
          published: "Fri, 27 Nov 2026 06:00:00 GMT",
          itunes_duration: "1802",
          links: expect.arrayContaining([
            { rel: "enclosure", href: episode.audio.url, length: "1234567", type: "audio/mpeg" },
          ]) as unknown,
          podcast_chapters: { url: episode.chaptersUrl },
        },
      ],
    });
    expect(read.podcastparser).toMatchObject({
      title: "Morning Talks",
      link: "https://talks.test/",
      cover_url: podcast.imageUrl,
      explicit: false,
      itunes_categories: [["Society & Culture", "Documentary"]],
      episodes: [
        {
          guid: episode.guid,
          title: episode.title,
          link: episode.pageUrl,
          published: episode.publishedAt.getTime() / 1000,
          total_time: 1_802,
          explicit: true,
          episode_art_url: episode.imageUrl,
          enclosures: [{ url: episode.audio.url, file_size: 1_234_567, mime_type: "audio/mpeg" }],
        },
      ],
    });
  },
);

test.skipIf(!hasPython)(
  "Python's readers find no harm in a feed of no episodes, or of one with everything left out",
  async () => {
    const bare = { ...episode, description: "", imageUrl: null, transcripts: [], chaptersUrl: null, persons: [] };
    for (const items of [[], [bare]]) {
      const read = await readByPython(podcastFeed({ ...podcast, description: "", category: [], persons: [], items }));
      expect(read.feedparser).toMatchObject({ bozo: false, version: "rss20" });
      expect(read.podcastparser).toMatchObject({ episodes: items.map(({ guid }) => ({ guid })) });
    }
  },
);
