const longestWaitMs = 10 * 60_000;

/** Milliseconds from now, by `Retry-After`'s seconds or date (RFC 9110, 10.2.3); NaN where it says neither. */
const untilTold = (header: string): number => {
  const seconds = Number(header);
  return Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
};

/**
 * How long a refused call waits: as the header says, else `otherwiseMs`, a second at least and ten minutes at most; null
 * where neither is told. Up to a tenth more, so that many calls do not return at once.
 */
export function waitOf(header: string | null | undefined, otherwiseMs = Number.NaN): number | null {
  const told = header === null || header === undefined ? Number.NaN : untilTold(header);
  const waitMs = Number.isFinite(told) ? told : otherwiseMs;
  if (!Number.isFinite(waitMs)) return null;
  return Math.round(Math.min(longestWaitMs, Math.max(1000, waitMs)) * (1 + Math.random() / 10));
}
