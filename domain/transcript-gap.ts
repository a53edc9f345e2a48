/** Why nobody of ours heard a call for a while. */
export const gapReasons = ["not_joined", "gave_up", "lost", "restarted", "died", "renewed"] as const;
export type GapReason = (typeof gapReasons)[number];

/** A stretch of a call that the agent did not hear. Times are seconds from the call's start. */
export interface TranscriptGap {
  start: number;
  end: number;
  reason: GapReason;
}

const reasonLabels: Record<GapReason, string> = {
  not_joined: "the agent had not joined yet",
  gave_up: "the agent could not take part",
  lost: "the connection was lost",
  restarted: "the server was restarted",
  died: "the server stopped without warning",
  renewed: "the connection was renewed",
};

/** What people read where words may be missing. */
export const describeGap = ({ start, end, reason }: TranscriptGap): string =>
  `Not heard for ${lengthWords(end - start)}: ${reasonLabels[reason]}`;

/** An agent takes a moment to join each call; and what is shorter than a short sentence is no hole. */
export const isNotableGap = ({ start, end, reason }: TranscriptGap): boolean =>
  end - start >= (reason === "not_joined" ? 5 : 2);

/** Gaps in words for a run's warnings; empty where there is nothing to tell. */
export function gapWarnings(gaps: readonly TranscriptGap[]): string[] {
  if (gaps.length === 0) return [];
  const total = lengthWords(gaps.reduce((sum, { start, end }) => sum + end - start, 0));
  const often = gaps.length === 1 ? "" : `, ${gaps.length} times`;
  return [`The call was not heard for ${total}${often}. The transcript shows where.`];
}

function lengthWords(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 120) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** What is said and what was not heard, in the order of time. */
export function withGaps<Said extends { start: number }>(
  said: readonly Said[],
  gaps: readonly TranscriptGap[],
): ({ gap: TranscriptGap } | { said: Said; index: number })[] {
  const rest = gaps.toSorted((a, b) => a.start - b.start);
  const rows: ({ gap: TranscriptGap } | { said: Said; index: number })[] = [];
  for (const [index, each] of said.entries()) {
    while (rest[0] !== undefined && rest[0].start <= each.start) rows.push({ gap: rest.shift() as TranscriptGap });
    rows.push({ said: each, index });
  }
  return [...rows, ...rest.map((gap) => ({ gap }))];
}
