import { createAllowedAddresses } from "#activities/clients/allowed-addresses.ts";
import { createGuardedFetch } from "#activities/clients/guarded-fetch.ts";
import { createFeedSource } from "#activities/clients/sources/feed-source.ts";
import { makeReading } from "#activities/clients/sources/make-reading.ts";
import { SourceFailed } from "#activities/clients/sources/source-failed.ts";
import { fakePodcastHost } from "#tests/fakes/podcast-host.ts";

export const signal = () => new AbortController().signal;
const allow = ["127.0.0.0/8"];
export const guardedFetch = createGuardedFetch({ allow });
export const allowedAddresses = createAllowedAddresses({ allow });
/** What only lists never starts it. */
export const noYtdlp = { cacheDir: "/nowhere", path: "/nowhere/yt-dlp", proxy: undefined, log: () => {} };

type Times = { fetchMs?: number; readMs?: number };

/** A podcast's host, and what we make of its feed. */
export async function startFeed(times: Times = {}) {
  const host = await fakePodcastHost();
  const source = createFeedSource({ guardedFetch, ...times });
  const unknown = { etag: null, lastModified: null };
  return {
    host,
    source,
    describe: (url = host.feedUrl) => source.describe(url, signal()),
    list: (known: { etag: string | null; lastModified: string | null } = unknown) =>
      source.list({ url: host.feedUrl, ...known }, signal()),
    /** Describes a feed of this text. */
    async read(body: string | Buffer, type = "application/rss+xml") {
      host.state.feed = { body, type };
      return await source.describe(host.feedUrl, signal());
    },
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  };
}

/** What is read of a feed of this text at `https://host.test/feeds/main.xml`, without a thread. */
export function readText(text: string | Buffer, contentType = "application/rss+xml") {
  const reading = makeReading({ body: Buffer.from(text), url: "https://host.test/feeds/main.xml", contentType });
  if (reading.type !== "feed") throw new Error(`It is no feed: ${JSON.stringify(reading)}`);
  return reading.description;
}

/** The problem that a source fails with, and its words. */
export async function problemOf(work: Promise<unknown>) {
  const error = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(error instanceof SourceFailed)) throw new Error("It did not fail with a source's problem", { cause: error });
  return error;
}

export const rss = (items: string, channel = "<title>Talks</title>") =>
  `<?xml version="1.0"?><rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:media="http://search.yahoo.com/mrss/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:psc="http://podlove.org/simple-chapters"><channel>${channel}${items}</channel></rss>`;

export const item = (inside: string, file = "a.mp3") =>
  `<item>${inside}<enclosure url="https://cdn.test/${file}" type="audio/mpeg" length="9"/></item>`;
