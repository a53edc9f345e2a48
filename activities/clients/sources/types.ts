import type { SourceDescription, SourceKind } from "#domain/channels/source.ts";

/** What was read of a source last time, for asking whether it changed since. */
export interface KnownState {
  url: string;
  etag: string | null;
  lastModified: string | null;
}

/** What a source lists now. `etag` and `lastModified` are for the next time. */
type Listing =
  | { notModified: true }
  | { notModified: false; etag: string | null; lastModified: string | null; description: SourceDescription };

/** A source that is looked at for the first time: `url` is what to ask from now on, which a page may have led to. */
interface Preview extends SourceDescription {
  url: string;
}

/** A kind of place that a channel's items come from. What it cannot do now rejects with `SourceFailed`. */
export interface Source {
  kind: SourceKind;
  /** For whoever adds a channel: what there is at an address they pasted. */
  describe(url: string, signal: AbortSignal): Promise<Preview>;
  list(known: KnownState, signal: AbortSignal): Promise<Listing>;
}
