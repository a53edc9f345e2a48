/** How long a bot stays in a meeting that is none any more; milliseconds. */
export interface WatchLimits {
  aloneMs: number;
  silentMs: number;
}

/** What has been seen of a bot's meeting. */
export interface Watched {
  startsAt: Date;
  /** Since when nobody else has been in the meeting, without a break; null: somebody is, or it is not known. */
  aloneSince: Date | null;
  /** When somebody was last heard; null: nobody was, or it is not known. */
  heardAt: Date | null;
}

/**
 * Whether a bot is to leave since nobody is there or nobody speaks, whatever its provider says of it. Whoever comes
 * before a meeting's hour may be alone until then; a silence counts only where speech is told of at all.
 */
export function whyLeave(
  { startsAt, aloneSince, heardAt }: Watched,
  { aloneMs, silentMs }: WatchLimits,
  now: Date,
): "alone" | "silent" | null {
  const since = (at: Date) => now.getTime() - at.getTime();
  if (aloneSince !== null && Math.min(since(aloneSince), since(startsAt)) >= aloneMs) return "alone";
  return heardAt !== null && since(heardAt) >= silentMs ? "silent" : null;
}
