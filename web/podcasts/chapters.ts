import type { EpisodeChapter } from "#domain/channels/judgement/chapters.ts";

/** As `podcast:chapters` names it. */
export const chaptersType = "application/json+chapters";

/** As apps read it: https://github.com/Podcastindex-org/podcast-namespace, chapters/jsonChapters.md */
export const renderChapters = (chapters: readonly EpisodeChapter[]): string =>
  JSON.stringify({
    version: "1.2.0",
    chapters: chapters.map(({ title, startMs, endMs }) => ({
      startTime: startMs / 1000,
      endTime: endMs / 1000,
      title,
    })),
  });
