import type { Bullet } from "../../analysis.ts";
import type { Segment } from "../../transcript.ts";
import type { SourceChapters } from "../source.ts";
import { mapStretch } from "./edit-plan.ts";
import type { EditPlan } from "./edit-plan.ts";

export interface EpisodeChapter {
  title: string;
  startMs: number;
  endMs: number;
}

// Fewer, or closer to each other, are of no use to a listener.
const fewest = 3;
const shortestMs = 120_000;
const longestTitle = 80;

/** Chapters by what the summary quotes, where it is said in the episode. None where that is too little. */
export function chaptersOf(bullets: readonly Bullet[], segments: readonly Segment[], plan: EditPlan): EpisodeChapter[] {
  const byId = new Map(segments.map((segment) => [segment.id, segment]));
  const places = bullets.flatMap(({ text, segmentIds: [first = ""] }) => {
    const said = byId.get(first);
    const at = said && mapStretch(plan, { fromMs: said.start * 1000, toMs: said.end * 1000 });
    return at ? [{ title: shortened(text), startMs: Math.round(at.fromMs) }] : [];
  });
  const starts: typeof places = [];
  for (const place of places.toSorted((a, b) => a.startMs - b.startMs)) {
    const last = starts.at(-1);
    // The first one begins with the episode.
    if (last === undefined) starts.push({ ...place, startMs: 0 });
    else if (place.startMs - last.startMs >= shortestMs && plan.durationMs - place.startMs >= shortestMs / 2)
      starts.push(place);
  }
  if (starts.length < fewest) return [];
  return starts.map((start, index) => ({
    ...start,
    endMs: starts[index + 1]?.startMs ?? Math.round(plan.durationMs),
  }));
}

/** Of a chapter that is cut, what is left has to be worth a jump. */
const leastLeftMs = 3_000;

/** A source's own chapters where they stand in the episode; what was cut out has none. None where one alone is left. */
export function moveChapters(list: SourceChapters["list"], plan: EditPlan): EpisodeChapter[] {
  const named = list.filter(({ title }) => title !== "").toSorted((a, b) => a.startSeconds - b.startSeconds);
  const left = named.flatMap(({ title, startSeconds }, index) => {
    const toMs = (named[index + 1]?.startSeconds ?? Infinity) * 1000;
    const at = mapStretch(plan, { fromMs: startSeconds * 1000, toMs });
    return at !== null && at.toMs - at.fromMs >= leastLeftMs ? [{ title, startMs: Math.round(at.fromMs) }] : [];
  });
  if (left.length < 2) return [];
  return left.map(({ title, startMs }, index) => ({
    title,
    // The first one begins with the episode.
    startMs: index === 0 ? 0 : startMs,
    endMs: left[index + 1]?.startMs ?? Math.round(plan.durationMs),
  }));
}

function shortened(text: string): string {
  if (text.length <= longestTitle) return text;
  const cut = text.slice(0, longestTitle);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(" "), longestTitle / 2))}…`;
}
