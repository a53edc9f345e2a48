import type { GuardedFetch } from "../guarded-fetch.ts";
import { createFeedSource } from "./feed-source.ts";
import type { Source } from "./types.ts";
import { uploadSource } from "./upload-source.ts";

/** Every kind of source that a channel can have. */
export const createSources = (deps: { guardedFetch: GuardedFetch }) =>
  ({ feed: createFeedSource(deps), upload: uploadSource }) satisfies Record<string, Source>;
