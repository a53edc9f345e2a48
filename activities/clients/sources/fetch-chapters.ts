import { text } from "node:stream/consumers";
import { z } from "zod";
import type { SourceChapters } from "#domain/channels/source.ts";
import { cleanLine, cut, textLimits } from "#domain/text.ts";
import type { GuardedFetch } from "../guarded-fetch.ts";

/** As https://github.com/Podcastindex-org/podcast-namespace, chapters/jsonChapters.md, has them. */
const ChaptersFile = z.object({
  chapters: z.array(
    z.object({ startTime: z.number().nonnegative(), title: z.string().catch(""), toc: z.boolean().catch(true) }),
  ),
});

const mostChapters = 500;

/** The chapters that a feed's item names by their address. Those without a title or a place in the table are none. */
export async function fetchChapters(
  guardedFetch: GuardedFetch,
  url: string,
  signal: AbortSignal,
): Promise<SourceChapters["list"]> {
  await using response = await guardedFetch(url, { mostBytes: 1_000_000, deadlineMs: 20_000, redirects: 5, signal });
  if (response.status !== 200) throw new Error(`It answered ${response.status}`);
  const { chapters } = ChaptersFile.parse(JSON.parse(await text(response.body)));
  return chapters.slice(0, mostChapters).flatMap(({ startTime, title, toc }) => {
    const words = cut(cleanLine(title), textLimits.title);
    return toc && words !== "" ? [{ startSeconds: startTime, title: words }] : [];
  });
}
