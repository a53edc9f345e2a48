import { useMemo, useState } from "react";
import type { Segment } from "#domain/transcript.ts";

interface Match {
  segmentId: string;
  /** Which of the segment's matches, from 0. */
  index: number;
}

/** What a search in the transcript has found, and which of the places is looked at. */
export interface Found {
  query: string;
  count: number;
  /** The place looked at, counted from 1; 0 where there is none. */
  position: number;
  current: Match | null;
}

/** The places of a query in a text, in any case; none for an empty query. */
export function matchesIn(text: string, query: string): number[] {
  if (query === "") return [];
  const [haystack, needle] = [text.toLowerCase(), query.toLowerCase()];
  // Lower case of a few letters is longer than they are; places would then be wrong, so those are compared as typed.
  const [hay, pin] = haystack.length === text.length ? [haystack, needle] : [text, query];
  const places: number[] = [];
  for (let at = hay.indexOf(pin); at !== -1; at = hay.indexOf(pin, at + pin.length)) places.push(at);
  return places;
}

export function useFind(segments: readonly Segment[]) {
  const [typed, setTyped] = useState("");
  const [place, setPlace] = useState(0);
  const query = typed.trim();
  const matches = useMemo(
    () =>
      segments.flatMap(({ id, text }): Match[] => matchesIn(text, query).map((_, index) => ({ segmentId: id, index }))),
    [segments, query],
  );
  const count = matches.length;
  const at = count === 0 ? 0 : ((place % count) + count) % count;
  const found: Found = { query, count, position: count === 0 ? 0 : at + 1, current: matches[at] ?? null };
  return {
    found,
    typed,
    type: (text: string) => {
      setTyped(text);
      setPlace(0);
    },
    step: (by: 1 | -1) => setPlace(at + by),
  };
}
