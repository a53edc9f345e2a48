import { fetchFeed } from "./feed-fetch.ts";
import type { FetchedFeed } from "./feed-fetch.ts";
import { createFetchMedia } from "./fetch-media.ts";
import type { FetchDeps } from "./fetch-media.ts";
import { readFeed } from "./read-feed.ts";
import { SourceFailed } from "./source-failed.ts";
import type { Source } from "./types.ts";

interface Deps extends FetchDeps {
  /** Most time for an answer of the feed's server. */
  fetchMs?: number;
  /** Most time for reading what it answered. */
  readMs?: number;
}

const unknown = { etag: null, lastModified: null };

/** Feeds with media in them: RSS 2.0, Atom, RSS 1.0 and JSON Feed. */
export function createFeedSource({ fetchMs = 30_000, readMs = 20_000, ...deps }: Deps): Source {
  const { guardedFetch } = deps;
  const fetch = (url: string, signal: AbortSignal) =>
    fetchFeed(guardedFetch, { url, ...unknown }, { deadlineMs: fetchMs, signal }).then((fetched) =>
      whole(fetched, url),
    );
  async function read(fetched: FetchedFeed, url: string, signal: AbortSignal) {
    const reading = await readFeed(fetched, { address: url, deadlineMs: readMs, signal });
    if (reading.type === "page") return reading;
    // WebSub hears the answer's header before what the feed says.
    const { hubUrl, selfUrl, nextUrl } = fetched;
    const { description } = reading;
    const named = {
      hubUrl: hubUrl ?? description.hubUrl,
      selfUrl: selfUrl ?? description.selfUrl,
      nextUrl: nextUrl ?? description.nextUrl ?? null,
    };
    return { type: "feed" as const, description: { ...description, ...named } };
  }

  return {
    kind: "feed",

    async describe(url, signal) {
      const reading = await read(await fetch(url, signal), url, signal);
      if (reading.type === "feed") return { ...reading.description, url };
      // People paste the address of the page they know; most pages name their feed. Only the first step is theirs.
      const { feedUrl } = reading;
      if (feedUrl === null) throw new SourceFailed("not_a_feed", url);
      const second = await read(await fetch(feedUrl, signal), feedUrl, signal);
      if (second.type === "page") throw new SourceFailed("not_a_feed", feedUrl);
      return { ...second.description, url: feedUrl };
    },

    async list(known, signal) {
      const fetched = await fetchFeed(guardedFetch, known, { deadlineMs: fetchMs, signal });
      if (fetched === null) return { notModified: true };
      const reading = await read(fetched, known.url, signal);
      if (reading.type === "page") throw new SourceFailed("not_a_feed", known.url);
      const { etag, lastModified } = fetched;
      return { notModified: false, etag, lastModified, description: reading.description };
    },

    fetchMedia: createFetchMedia(deps),
  };
}

/** "Not modified" without having been asked is no answer. */
function whole(fetched: FetchedFeed | null, url: string): FetchedFeed {
  if (fetched === null) throw new SourceFailed("server_error", url);
  return fetched;
}
