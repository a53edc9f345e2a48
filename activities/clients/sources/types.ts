import type { SourceChapters, SourceDescription, SourceKind } from "#domain/channels/source.ts";

/** What was read of a source last time, for asking whether it changed since. */
export interface KnownState {
  url: string;
  etag: string | null;
  lastModified: string | null;
}

/** What is asked for: all that a source lists at an address, or in a backfill nothing that is older than a date. */
interface ToList extends KnownState {
  since?: Date;
}

/** What a source lists now. `etag` and `lastModified` are for the next time. */
type Listing =
  | { notModified: true }
  | { notModified: false; etag: string | null; lastModified: string | null; description: SourceDescription };

/** A source that is looked at for the first time: `url` is what to ask from now on, which a page may have led to. */
interface Preview extends SourceDescription {
  url: string;
}

/** How far a file has come; `totalBytes` where its server says it. */
interface MediaProgress {
  bytes: number;
  totalBytes: number | null;
}

export interface MediaToFetch {
  url: string;
  into: string;
  /** The largest file that is taken. */
  mostBytes: number;
  signal: AbortSignal;
  onProgress: (progress: MediaProgress) => void;
}

export interface FetchedMedia {
  bytes: number;
  /** As its server says; null where it does not. */
  contentType: string | null;
  /** Which version of the file it is: its ETag, else its date. */
  validator: string | null;
  /** The source's own, where they are told of with the file alone. */
  chapters?: SourceChapters["list"];
}

/** What a look at a channel lets a source know and do whose lists say too little. */
export interface Looking {
  /** Of these external ids those of which nothing is known yet, or not all: they may be asked for one by one. */
  unknownOf(externalIds: readonly string[]): Promise<string[]>;
  /** Asks when it is one's turn at a source that all channels share. Null: it is closed, or the turn is far off. */
  inTurn<T>(ask: () => Promise<T>): Promise<T | null>;
}

/** A kind of place that a channel's items come from. What it cannot do now rejects with `SourceFailed`. */
export interface Source {
  kind: SourceKind;
  /** For whoever adds a channel: what there is at an address they pasted. */
  describe(url: string, signal: AbortSignal, looking?: Looking): Promise<Preview>;
  list(known: ToList, signal: AbortSignal, looking?: Looking): Promise<Listing>;
  /** Fetches an item's file to a path; called with the same path again, it goes on from what lies there. */
  fetchMedia(media: MediaToFetch): Promise<FetchedMedia>;
}
