import type { Podcast, PodcastItem } from "#domain/channels/podcast-xml.ts";

/** A podcast of one episode, with everything that a feed can say of both. */
export const site = "https://convene.test/podcasts/k";

export const episode: PodcastItem = {
  guid: "0190a1b2-0000-5000-8000-000000000001",
  title: "Talk & answers <live>",
  description: "First line\nsecond line\n\n3 < 4 & <script>alert(1)</script>",
  pageUrl: "https://talks.test/1?a=1&b=2",
  publishedAt: new Date("2026-11-27T06:00:00Z"),
  audio: { url: `${site}/e-1.mp3`, bytes: 1_234_567, type: "audio/mpeg" },
  durationSeconds: 1_801.6,
  imageUrl: `${site}/e.jpg`,
  isExplicit: true,
  transcripts: [
    { url: `${site}/e-1.vtt`, type: "text/vtt", language: "en" },
    { url: `${site}/e-1.html`, type: "text/html", language: null },
  ],
  chaptersUrl: `${site}/e-1.chapters.json`,
  persons: [{ name: `Ada "A." O'Neil`, role: "guest" }],
};

export const podcast: Podcast = {
  guid: "917393e3-1b1e-5cef-ace4-edaa54e1f810",
  feedUrl: `${site}/feed.xml`,
  hubUrl: "https://hub.test/",
  title: "Morning Talks",
  description: "Each morning.",
  siteUrl: "https://talks.test/",
  language: "en",
  author: "Ada",
  imageUrl: `${site}/cover.jpg`,
  category: ["Society & Culture", "Documentary"],
  isExplicit: false,
  lockedOwner: "ada@talks.test",
  medium: "podcast",
  persons: [{ name: "Bo", role: null }],
  isPrivate: false,
  changedAt: new Date("2026-11-28T06:00:00Z"),
  items: [episode],
};
