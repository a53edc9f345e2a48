import { parseFeed } from "feedsmith";
import { decodeFeed } from "./decode-feed.ts";
import { describeFeed } from "./describe-feed.ts";
import { feedOfPage, isPage } from "./feed-page.ts";
import { rawFeedOf } from "./raw-feed.ts";
import type { FeedReading, FeedRequest } from "./read-feed.ts";
import { tombstonesOf } from "./tombstones.ts";

/** Reads what a feed's address answered; it may take as long and as much memory as the answer's maker likes. */
export function makeReading({ body, url, contentType }: FeedRequest): FeedReading {
  const text = decodeFeed(body, contentType);
  if (isPage(text)) return { type: "page", feedUrl: feedOfPage(text, url) };
  if (declaresNestedEntities(text)) return problem("hostile", "entities made of entities");
  const deleted = tombstonesOf(text);
  try {
    return { type: "feed", description: describeFeed(rawFeedOf(parseFeed(text)), { url, deleted }) };
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

/** What a document declares is expanded nowhere here; that it tries at all is reason enough to leave it. */
const declaresNestedEntities = (text: string) => /<!ENTITY\s[^>]{0,1000}(?:&(?!#)|\bSYSTEM\b|\bPUBLIC\b)/i.test(text);
