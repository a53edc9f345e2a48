import type { AnyFeed, AtomFeed, JsonFeed, MediaNs, RdfFeed, RssFeed } from "feedsmith";

/** A file that an item offers, as its feed says it. */
export interface RawMedia {
  url?: string | undefined;
  type?: string | undefined;
  bytes?: number | undefined;
  seconds?: number | undefined;
}

export interface RawItem {
  id?: string | undefined;
  title?: string | undefined;
  /** Texts that may be HTML, the best first. */
  texts: (string | undefined)[];
  date?: string | undefined;
  page?: string | undefined;
  image?: string | undefined;
  /** The best first. */
  media: RawMedia[];
  seconds?: number | undefined;
  isExplicit?: boolean | undefined;
  chaptersUrl?: string | undefined;
  chapters?: { start?: string; title?: string }[] | undefined;
}

/** What the four formats have in common, not yet looked at. */
export interface RawFeed {
  title?: string | undefined;
  texts?: (string | undefined)[];
  site?: string | undefined;
  image?: string | undefined;
  author?: string | undefined;
  language?: string | undefined;
  hub?: string | undefined;
  self?: string | undefined;
  /** The page of older items. */
  next?: string | undefined;
  items: RawItem[];
}

export function rawFeedOf(parsed: AnyFeed): RawFeed {
  if (parsed.format === "rss") return ofRss(parsed.feed);
  if (parsed.format === "atom") return ofAtom(parsed.feed);
  return parsed.format === "rdf" ? ofRdf(parsed.feed) : ofJson(parsed.feed);
}

interface Link {
  href?: string;
  rel?: string;
  type?: string;
  length?: number;
}

const linkOf = (links: Link[] | undefined, rel: string) =>
  links?.find((link) => (link.rel ?? "alternate") === rel)?.href;

/** Of a feed in pages (RFC 5005) the next one, of one with archives the newest of those. */
const nextOf = (links: Link[] | undefined) => linkOf(links, "next") ?? linkOf(links, "prev-archive");

const enclosuresOf = (links: Link[] | undefined): RawMedia[] =>
  (links ?? [])
    .filter(({ rel }) => rel === "enclosure")
    .map(({ href, type, length }) => ({ url: href, type, bytes: length }));

/** Media RSS, which feeds of videos use instead of enclosures, or beside them. */
function ofMediaRss(media: MediaNs.ItemOrFeed | undefined): RawMedia[] {
  const contents = [...(media?.contents ?? []), ...(media?.groups ?? []).flatMap((group) => group.contents ?? [])];
  return contents
    .sort((one, other) => Number(other.isDefault ?? false) - Number(one.isDefault ?? false))
    .map(({ url, type, medium, fileSize, duration }) => ({
      url,
      type: type ?? (medium === "audio" || medium === "video" || medium === "image" ? `${medium}/*` : undefined),
      bytes: fileSize,
      seconds: duration,
    }));
}

const thumbnailOf = (media: MediaNs.ItemOrFeed | undefined) =>
  (media?.thumbnails ?? media?.groups?.flatMap((group) => group.thumbnails ?? []))?.[0]?.url;

const ofRss = (feed: RssFeed.Feed<string>): RawFeed => ({
  title: feed.title ?? feed.itunes?.title,
  texts: [feed.description, feed.itunes?.summary],
  site: feed.link,
  image: feed.itunes?.image ?? feed.image?.url,
  author: feed.itunes?.author ?? feed.managingEditor?.name,
  language: feed.language,
  hub: linkOf(feed.atom?.links, "hub"),
  self: linkOf(feed.atom?.links, "self"),
  next: nextOf(feed.atom?.links),
  items: (feed.items ?? []).map((item) => ({
    id: item.guid?.value,
    title: item.title ?? item.itunes?.title,
    texts: [item.content?.encoded, item.description, item.itunes?.summary, item.media?.description?.value],
    date: item.pubDate ?? item.dc?.dates?.[0],
    page: item.link ?? (item.guid?.isPermaLink === false ? undefined : item.guid?.value),
    image: item.itunes?.image ?? thumbnailOf(item.media),
    media: [
      ...(item.enclosures ?? []).map(({ url, type, length }) => ({ url, type, bytes: length })),
      ...ofMediaRss(item.media),
      ...enclosuresOf(item.atom?.links),
    ],
    seconds: item.itunes?.duration,
    isExplicit: item.itunes?.explicit,
    chaptersUrl: item.podcast?.chapters?.url,
    chapters: item.psc?.chapters,
  })),
});

const ofAtom = (feed: AtomFeed.Feed<string>): RawFeed => ({
  title: feed.title?.value,
  texts: [feed.subtitle?.value, feed.itunes?.summary],
  site: linkOf(feed.links, "alternate"),
  image: feed.itunes?.image ?? feed.logo ?? feed.icon,
  author: feed.authors?.[0]?.name ?? feed.itunes?.author,
  language: feed.xml?.lang,
  hub: linkOf(feed.links, "hub"),
  self: linkOf(feed.links, "self"),
  next: nextOf(feed.links),
  items: (feed.entries ?? []).map((entry) => ({
    id: entry.id,
    title: entry.title?.value,
    texts: [entry.content?.value, entry.summary?.value, entry.media?.groups?.[0]?.description?.value],
    date: entry.published ?? entry.updated,
    page: linkOf(entry.links, "alternate"),
    image: entry.itunes?.image ?? thumbnailOf(entry.media),
    media: [
      ...enclosuresOf(entry.links),
      { url: entry.content?.src, type: entry.content?.type },
      ...ofMediaRss(entry.media),
    ],
    seconds: entry.itunes?.duration,
    isExplicit: entry.itunes?.explicit,
    chapters: entry.psc?.chapters,
  })),
});

const ofRdf = (feed: RdfFeed.Feed<string>): RawFeed => ({
  title: feed.title,
  texts: [feed.description],
  site: feed.link,
  image: feed.image?.url,
  author: feed.dc?.creators?.[0],
  language: feed.dc?.languages?.[0],
  hub: linkOf(feed.atom?.links, "hub"),
  self: linkOf(feed.atom?.links, "self"),
  next: nextOf(feed.atom?.links),
  items: (feed.items ?? []).map((item) => ({
    id: item.rdf?.about,
    title: item.title,
    texts: [item.content?.encoded, item.description],
    date: item.dc?.dates?.[0],
    page: item.link,
    image: thumbnailOf(item.media),
    // The format has no enclosures: what is linked to may be the file itself.
    media: [...ofMediaRss(item.media), ...enclosuresOf(item.atom?.links), { url: item.link, type: "?" }],
  })),
});

const ofJson = (feed: JsonFeed.Feed<string>): RawFeed => ({
  title: feed.title,
  texts: [feed.description],
  site: feed.home_page_url,
  image: feed.icon ?? feed.favicon,
  author: feed.authors?.[0]?.name,
  language: feed.language,
  hub: feed.hubs?.find(({ type }) => /^websub$/i.test(type ?? ""))?.url,
  self: feed.feed_url,
  next: feed.next_url,
  items: (feed.items ?? []).map((item) => ({
    id: item.id,
    title: item.title,
    texts: [item.content_html, item.content_text, item.summary],
    date: item.date_published ?? item.date_modified,
    page: item.url ?? item.external_url,
    image: item.image ?? item.banner_image,
    media: (item.attachments ?? []).map(({ url, mime_type, size_in_bytes, duration_in_seconds }) => ({
      url,
      type: mime_type,
      bytes: size_in_bytes,
      seconds: duration_in_seconds,
    })),
  })),
});
