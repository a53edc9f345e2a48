import { cut } from "../text.ts";
import { element, emptyElement, textElement } from "./xml.ts";

interface Person {
  name: string;
  /** A role of the Podcast Taxonomy, such as "host" or "guest". */
  role: string | null;
}

export interface PodcastItem {
  /** The episode's id: stays the same whatever becomes of its file, so that no listener gets it twice. */
  guid: string;
  title: string;
  description: string;
  pageUrl: string | null;
  publishedAt: Date;
  audio: { url: string; bytes: number; type: string };
  durationSeconds: number;
  imageUrl: string | null;
  isExplicit: boolean;
  transcripts: { url: string; type: string; language: string | null }[];
  chaptersUrl: string | null;
  persons: Person[];
}

export interface Podcast {
  /** `podcast:guid`, for life. */
  guid: string;
  feedUrl: string;
  hubUrl: string | null;
  title: string;
  description: string;
  siteUrl: string;
  /** BCP 47; null: nobody said it. */
  language: string | null;
  author: string;
  imageUrl: string | null;
  /** Of Apple's list, the part after the first being of it: `["Society & Culture", "Documentary"]`. */
  category: readonly string[];
  isExplicit: boolean;
  /** Whom other platforms ask before they take the podcast over; null: nobody is to be asked. */
  lockedOwner: string | null;
  medium: "podcast" | "video";
  persons: Person[];
  /** A feed for one listener, which no directory is to list. */
  isPrivate: boolean;
  /** When anything of it changed last. */
  changedAt: Date;
  /** Newest first. */
  items: PodcastItem[];
}

const namespaces = {
  "xmlns:itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
  "xmlns:podcast": "https://podcastindex.org/namespace/1.0",
  "xmlns:atom": "http://www.w3.org/2005/Atom",
};

/** A podcast as apps and directories read it: RSS 2.0 with what Apple asks for, and the podcast namespace. */
export function podcastFeed(podcast: Podcast): string {
  const { feedUrl, hubUrl, lockedOwner } = podcast;
  const channel = element("channel", {}, [
    textElement("title", podcast.title),
    textElement("link", podcast.siteUrl),
    textElement("description", htmlOf(podcast.description)),
    textElement("language", podcast.language),
    textElement("generator", "Convene"),
    textElement("lastBuildDate", podcast.changedAt.toUTCString()),
    emptyElement("atom:link", { rel: "self", type: "application/rss+xml", href: feedUrl }),
    hubUrl === null ? "" : emptyElement("atom:link", { rel: "hub", href: hubUrl }),
    textElement("itunes:author", podcast.author),
    ...imageOf(podcast.imageUrl),
    categoryOf(podcast.category),
    explicitOf(podcast),
    textElement("itunes:type", "episodic"),
    podcast.isPrivate ? textElement("itunes:block", "yes") : "",
    textElement("podcast:guid", podcast.guid),
    lockedOwner === null ? "" : textElement("podcast:locked", "yes", { owner: lockedOwner }),
    textElement("podcast:medium", podcast.medium),
    ...podcast.persons.map(personOf),
    madeByAi,
    ...podcast.items.map(itemOf),
  ]);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element("rss", { version: "2.0", ...namespaces }, [channel])}\n`;
}

const itemOf = (item: PodcastItem): string =>
  element("item", {}, [
    textElement("guid", item.guid, { isPermaLink: "false" }),
    textElement("title", item.title),
    textElement("description", htmlOf(item.description)),
    textElement("link", item.pageUrl),
    textElement("pubDate", item.publishedAt.toUTCString()),
    emptyElement("enclosure", { url: item.audio.url, length: item.audio.bytes, type: item.audio.type }),
    textElement("itunes:duration", Math.max(1, Math.round(item.durationSeconds))),
    ...imageOf(item.imageUrl),
    explicitOf(item),
    textElement("itunes:episodeType", "full"),
    ...item.transcripts.map(({ url, type, language }) =>
      emptyElement("podcast:transcript", { url, type, language, rel: type === "text/html" ? null : "captions" }),
    ),
    item.chaptersUrl === null
      ? ""
      : emptyElement("podcast:chapters", { url: item.chaptersUrl, type: "application/json+chapters" }),
    ...item.persons.map(personOf),
    madeByAi,
  ]);

/** Transcript, cut and chapters are a machine's, which the namespace has listeners told of. */
const madeByAi = textElement("podcast:txt", "true", { purpose: "ai-content" });

const imageOf = (url: string | null): string[] => (url === null ? [] : [emptyElement("itunes:image", { href: url })]);

const explicitOf = ({ isExplicit }: { isExplicit: boolean }): string =>
  textElement("itunes:explicit", isExplicit ? "true" : "false");

const personOf = ({ name, role }: Person): string => textElement("podcast:person", name, { role });

function categoryOf([first, ...rest]: readonly string[]): string {
  if (first === undefined) return "";
  if (rest.length === 0) return emptyElement("itunes:category", { text: first });
  return element("itunes:category", { text: first }, [categoryOf(rest)]);
}

/** Apple shows no more of a description. */
const mostDescriptionBytes = 4_000;

/** Apps take descriptions for HTML, so a text is made some: its lines are kept, and nothing in it is a tag. */
function htmlOf(text: string): string {
  const html = paragraphs(text);
  const bytes = new TextEncoder().encode(html).length;
  if (bytes <= mostDescriptionBytes) return html;
  const most = Math.min(text.length - 1, Math.floor((text.length * mostDescriptionBytes) / bytes));
  return htmlOf(cut(text, most));
}

const paragraphs = (text: string): string =>
  text
    .split(/\n{2,}/)
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => `<p>${part.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/\n/g, "<br/>")}</p>`)
    .join("");
