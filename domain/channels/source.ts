/** Where a channel's items come from: a feed with media, files that people upload, a channel of YouTube. */
export const sourceKinds = ["feed", "upload", "youtube"] as const;
export type SourceKind = (typeof sourceKinds)[number];

/** A channel's kind of source, which its row keeps as a text that the database checks. */
export function sourceKindOf({ source }: { source: string }): SourceKind {
  const kind = sourceKinds.find((each) => each === source);
  if (kind === undefined) throw new Error(`No such kind of source: ${source}`);
  return kind;
}

/** The source's own chapters: listed in the feed itself, or in a file at `url`. */
export interface SourceChapters {
  url: string | null;
  list: { startSeconds: number; title: string }[];
}

/** What a source offers, with what it says of it. Texts are plain, addresses whole and http or https. */
export interface SourceItem {
  /** The same for the item's whole life, unique within its source. */
  externalId: string;
  title: string;
  description: string;
  publishedAt: Date | null;
  durationSeconds: number | null;
  pageUrl: string | null;
  mediaUrl: string;
  mediaType: string | null;
  /** As the source says it; many are wrong. */
  mediaBytes: number | null;
  imageUrl: string | null;
  isExplicit: boolean | null;
  chapters: SourceChapters | null;
  /** Why it is not whole yet, such as a stream that goes on, in words for people; it is begun when it is. */
  notYet?: string | null;
}

export interface SourceDescription {
  title: string;
  description: string;
  siteUrl: string | null;
  imageUrl: string | null;
  author: string | null;
  /** BCP 47. */
  language: string | null;
  /** WebSub: whom to ask for news of `selfUrl`. */
  hubUrl: string | null;
  selfUrl: string | null;
  /** What lists older items, as `url` of a later `list` (RFC 5005); left out where a source lists all at once. */
  nextUrl?: string | null;
  /** Newest first; what has no date comes last, in the source's order. */
  items: SourceItem[];
  /** External ids of what the source says that it took back. */
  deleted: string[];
  /** Items that have neither sound nor video, and are left out. */
  withoutMedia: number;
}
