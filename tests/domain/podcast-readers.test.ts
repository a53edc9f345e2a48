import { parseFeed } from "podcast-partytime";
import getPodcastFromFeed from "podparse";
import { expect, test } from "vitest";
import { podcastFeed } from "#domain/channels/feed-xml.ts";
import { episode, podcast, site } from "./podcast-example.ts";

// Two readers that podcast apps and directories are built with, beside the one of podcast-feed.test.ts.
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
