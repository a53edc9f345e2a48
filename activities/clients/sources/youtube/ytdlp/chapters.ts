import { z } from "zod";
import type { SourceChapters } from "#domain/channels/source.ts";
import { cleanLine, cut, textLimits } from "#domain/text.ts";

/** What yt-dlp is to print of a video's chapters: those that whoever made it named, in the player or the description. */
export const chaptersTemplate = "%(chapters.:.{start_time,title})j";

const mostChapters = 500;
const Told = z.array(z.object({ start_time: z.number().nonnegative(), title: z.string().catch("") }));
/** It calls so what nobody named, such as what comes before the first chapter. */
const untitled = /^<Untitled Chapter \d+>$/;

/** The chapters in what it printed; where it knows none it prints `NA`. */
export function chaptersOf(printed: string): SourceChapters["list"] {
  const told = Told.safeParse(jsonOf(printed));
  if (!told.success) return [];
  return told.data.slice(0, mostChapters).flatMap(({ start_time: startSeconds, title }) => {
    const words = cut(cleanLine(title), textLimits.title);
    return words === "" || untitled.test(words) ? [] : [{ startSeconds, title: words }];
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
