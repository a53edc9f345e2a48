import type { SourceKind } from "#domain/channels/source.ts";
import type { AllowedAddresses } from "../allowed-addresses.ts";
import type { GuardedFetch } from "../guarded-fetch.ts";
import { createFeedSource } from "./feed-source.ts";
import type { Source } from "./types.ts";
import { uploadSource } from "./upload-source.ts";
import { createYoutubeSource } from "./youtube/youtube-source.ts";
import type { YoutubeSettings } from "./youtube/youtube-source.ts";

export type Sources = Record<SourceKind, Source>;

interface Deps {
  guardedFetch: GuardedFetch;
  allowedAddresses: AllowedAddresses;
  youtube: YoutubeSettings;
}

/** Every kind of source that a channel can have. */
export const createSources = ({ guardedFetch, allowedAddresses, youtube }: Deps): Sources => ({
  feed: createFeedSource({ guardedFetch }),
  upload: uploadSource,
  youtube: createYoutubeSource({ guardedFetch, allowedAddresses, ...youtube }),
});
