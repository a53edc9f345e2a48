import { parseFeed } from "feedsmith";
import { decodeFeed } from "./decode-feed.ts";
import { describeFeed } from "./describe-feed.ts";
import { feedOfPage, isPage } from "./feed-page.ts";
import { rawFeedOf } from "./raw-feed.ts";
import type { FeedReading, FeedRequest } from "./read-feed.ts";
import { tombstonesOf } from "#records/channels/tombstones.ts";

/** Reads what a feed's address answered; it may take as long and as much memory as the answer's maker likes. */
export function makeReading({ body, url, contentType }: FeedRequest): FeedReading {
  const text = decodeFeed(body, contentType);
  if (isPage(text)) return { type: "page", feedUrl: feedOfPage(text, url) };
  if (declaresNestedEntities(text)) return problem("hostile", "entities made of entities");
  const deleted = tombstonesOf(text);
  try {
    const parsed = parseFeed(text);
    // The library takes what breaks off between two items for the whole, and the rest would never be asked for again.
    if (parsed.format !== "json" && !isClosed(text)) return problem("damaged", "it has no end");
    return { type: "feed", description: describeFeed(rawFeedOf(parsed), { url, deleted }) };
  } catch (error) {
    // The library takes a feed that tells of deleted entries alone for none.
    if (deleted.length > 0) return { type: "feed", description: describeFeed({ items: [] }, { url, deleted }) };
    const isFeed = /<(?:\w+:)?(?:rss|feed|rdf)[\s>]/i.test(text.slice(0, 10_000));
    return problem(isFeed ? "damaged" : "not_a_feed", String(error));
  }
}

const problem = (problem: "not_a_feed" | "damaged" | "hostile", cause: string): FeedReading => ({
  type: "problem",
  problem,
  cause,
});

/** Hosts append things to feeds; what counts is that the feed itself ended. */
function isClosed(text: string): boolean {
  const lastItem = Math.max(text.lastIndexOf("</item>"), text.lastIndexOf("</entry>"), 0);
  return /<\/(?:[\w-]+:)?(?:rss|feed|rdf)\s*>/i.test(text.slice(lastItem));
}

/** What a document declares is expanded nowhere here; that it tries at all is reason enough to leave it. */
const declaresNestedEntities = (text: string) => /<!ENTITY\s[^>]{0,1000}(?:&(?!#)|\bSYSTEM\b|\bPUBLIC\b)/i.test(text);
