import { SourceFailed } from "./source-failed.ts";
import type { Source } from "./types.ts";

/** Files that people put into the channel themselves: they come when they come, and their sound with them. */
export const uploadSource: Source = {
  kind: "upload",
  describe: async (url) => {
    throw new SourceFailed("not_a_feed", url);
  },
  list: async () => ({ notModified: true }),
  fetchMedia: async ({ url }) => {
    throw new SourceFailed("missing", url);
  },
};
