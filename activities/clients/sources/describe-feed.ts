import { createHash } from "node:crypto";
import type { SourceChapters, SourceDescription, SourceItem } from "#domain/channels/source.ts";
import { languageTagOf } from "#domain/language.ts";
import { cleanLine, cut, textLimits } from "#domain/text.ts";
import { externalIdOf } from "#records/channels/tombstones.ts";
import { isMedia } from "./media-offer.ts";
import { plainText } from "./plain-text.ts";
import type { RawFeed, RawItem } from "./raw-feed.ts";

const limits = { description: 10_000, author: 300, url: 2_000, chapters: 500 };
const longestSeconds = 7 * 86_400;

/** What people and programs are told of a feed: whole addresses, plain texts, each item once and with its own id. */
export function describeFeed(raw: RawFeed, { url, deleted }: { url: string; deleted: string[] }): SourceDescription {
  const items = raw.items.map((item) => itemOf(item, url)).filter((item) => item !== null);
  return {
    title: lineOf(raw.title, textLimits.title) ?? new URL(url).host,
    description: textOf(raw.texts ?? []),
    siteUrl: addressOf(raw.site, url),
    imageUrl: addressOf(raw.image, url),
    author: lineOf(raw.author, limits.author),
    language: languageTagOf(raw.language ?? ""),
    hubUrl: addressOf(raw.hub, url),
    selfUrl: addressOf(raw.self, url),
    nextUrl: addressOf(raw.next, url),
    items: newestFirst(withOwnIds(items)),
    deleted: deleted.map(externalIdOf),
    withoutMedia: raw.items.length - items.length,
  };
}

function itemOf(raw: RawItem, base: string): SourceItem | null {
  const offers = raw.media.map((media) => ({ media, mediaUrl: addressOf(media.url, base) }));
  const offer = offers.find(({ media, mediaUrl }) => mediaUrl !== null && isMedia(media, new URL(mediaUrl)));
  if (!offer?.mediaUrl) return null;
  const { media, mediaUrl } = offer;
  const type = media.type?.split(";")[0]?.trim().toLowerCase() ?? "";
  const description = textOf(raw.texts);
  return {
    externalId: externalIdOf(cleanLine(raw.id ?? "") || mediaUrl),
    title: lineOf(raw.title, textLimits.title) ?? lineOf(description.split("\n")[0], 100) ?? "Untitled",
    description,
    publishedAt: dateOf(raw.date),
    durationSeconds: amountOf(raw.seconds ?? media.seconds, longestSeconds),
    pageUrl: addressOf(raw.page, base),
    mediaUrl,
    mediaType: /^[a-z]+\/[\w.+-]{1,80}$/.test(type) ? type : null,
    mediaBytes: amountOf(media.bytes, Number.MAX_SAFE_INTEGER),
    imageUrl: addressOf(raw.image, base),
    isExplicit: raw.isExplicit ?? null,
    chapters: chaptersOf(raw, base),
  };
}

/**
 * Some feeds give one id to several items. The oldest keeps it, since it had it first; the others get one of their own
 * by their file. The same file twice is one item.
 */
function withOwnIds(items: SourceItem[]): SourceItem[] {
  const byId = Map.groupBy(items, ({ externalId }) => externalId);
  return [...byId.values()].flatMap((same) => {
    const files = [...new Map(same.toReversed().map((item) => [withoutQuery(item.mediaUrl), item])).values()];
    const [first, ...others] = newestFirst(files.toReversed()).toReversed();
    const renamed = others.map((item) => ({
      ...item,
      externalId: externalIdOf(`${item.externalId} ${hashOf(withoutQuery(item.mediaUrl))}`),
    }));
    return first === undefined ? [] : [first, ...renamed];
  });
}

const newestFirst = (items: SourceItem[]): SourceItem[] =>
  items.toSorted((one, other) => (other.publishedAt?.getTime() ?? 0) - (one.publishedAt?.getTime() ?? 0));

const withoutQuery = (address: string) => address.replace(/[?#].*$/, "");
const hashOf = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 16);

/** A whole address of the web; null for what is none. */
function addressOf(address: string | undefined, base: string): string | null {
  const url = address === undefined ? null : URL.parse(address.trim(), base);
  return url !== null && /^https?:$/.test(url.protocol) && url.href.length <= limits.url ? url.href : null;
}

function lineOf(text: string | undefined, most: number): string | null {
  const line = cut(cleanLine(plainText(text ?? "", most * 2)).replace(/ {2,}/g, " "), most);
  return line === "" ? null : line;
}

function textOf(texts: (string | undefined)[]): string {
  for (const text of texts) {
    const plain = plainText(text ?? "", limits.description);
    if (plain !== "") return plain;
  }
  return "";
}

/** Null for what is no date, or none that a feed's item can have. */
function dateOf(text: string | undefined): Date | null {
  const time = Date.parse(text ?? "");
  return time >= Date.UTC(1970, 0, 2) && time < Date.UTC(2200, 0, 1) ? new Date(time) : null;
}

const amountOf = (amount: number | undefined, most: number): number | null =>
  amount !== undefined && amount > 0 && amount <= most ? Math.round(amount) : null;

function chaptersOf({ chaptersUrl, chapters = [] }: RawItem, base: string): SourceChapters | null {
  const url = addressOf(chaptersUrl, base);
  const list = chapters.slice(0, limits.chapters).flatMap(({ start = "", title }) => {
    const startSeconds = secondsOf(start);
    return startSeconds === null ? [] : [{ startSeconds, title: lineOf(title, textLimits.title) ?? "" }];
  });
  return url === null && list.length === 0 ? null : { url, list };
}

/** Normal play time: `1:02:03.5`, `02:03` or seconds. */
function secondsOf(time: string): number | null {
  if (!/^(?:\d{1,3}:){0,2}\d{1,6}(?:\.\d{1,6})?$/.test(time.trim())) return null;
  return time.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
}
