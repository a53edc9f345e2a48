/** A stretch of the file, in milliseconds. */
export interface Stretch {
  fromMs: number;
  toMs: number;
}

/** What an episode is made of, in this order. */
export const partSources = ["intro", "content", "outro"] as const;

/** One stretch of a source as it stands in the episode, from `atMs` on. Neighbours overlap by their crossfade. */
export interface EditPart extends Stretch {
  source: (typeof partSources)[number];
  atMs: number;
  /** How long the one before fades out while this one fades in. */
  crossfadeMs: number;
}

export interface EditPlan {
  parts: EditPart[];
  durationMs: number;
}

interface EditOrder {
  content: Stretch;
  /** Where nothing at all is to be heard, in order. */
  silences: readonly Stretch[];
  introMs?: number | undefined;
  outroMs?: number | undefined;
}

/** A silence longer than this is shortened to it. */
const longestPauseMs = 1_500;
/** What is taken out at a time is worth a joint. */
const leastCutMs = 500;
const jointMs = 40;
const jingleFadeMs = 1_500;

// Of 255, about -42 dB: nobody speaks there, and no music plays.
const silentPeak = 1;

/** Where nothing at all is to be heard, by a waveform's peaks (of 255). */
export function silencesIn({
  values,
  valuesPerSecond,
}: {
  values: readonly number[];
  valuesPerSecond: number;
}): Stretch[] {
  const found: Stretch[] = [];
  const atMs = (index: number) => Math.round((index * 1000) / valuesPerSecond);
  let from: number | null = null;
  for (let index = 0; index <= values.length; index += 1) {
    if ((values[index] ?? Infinity) <= silentPeak) {
      from ??= index;
      continue;
    }
    if (from !== null && atMs(index - from) > longestPauseMs) found.push({ fromMs: atMs(from), toMs: atMs(index) });
    from = null;
  }
  return found;
}

/** What of the file is kept and where it comes to stand. Only silence is taken out of the content, never words. */
export function planEdit({ content, silences, introMs = 0, outroMs = 0 }: EditOrder): EditPlan {
  const kept = keptOf(content, silences);
  const of = (source: EditPart["source"], lengthMs: number) =>
    lengthMs > 0 ? [{ source, fromMs: 0, toMs: lengthMs }] : [];
  const inside = kept.map((stretch) => ({ source: "content" as const, ...stretch }));
  const parts: EditPart[] = [];
  for (const stretch of [...of("intro", introMs), ...inside, ...of("outro", outroMs)]) {
    const last = parts.at(-1);
    if (last === undefined) {
      parts.push({ ...stretch, atMs: 0, crossfadeMs: 0 });
      continue;
    }
    const wanted = last.source === stretch.source ? jointMs : jingleFadeMs;
    // Two fades never meet within a part.
    const crossfadeMs = Math.min(wanted, Math.floor(lengthOf(last) / 2), Math.floor(lengthOf(stretch) / 2));
    parts.push({ ...stretch, atMs: endOf(last) - crossfadeMs, crossfadeMs });
  }
  const last = parts.at(-1);
  return { parts, durationMs: last === undefined ? 0 : endOf(last) };
}

const lengthOf = ({ fromMs, toMs }: Stretch) => toMs - fromMs;
const endOf = (part: EditPart) => part.atMs + lengthOf(part);

function keptOf({ fromMs, toMs }: Stretch, silences: readonly Stretch[]): Stretch[] {
  const kept: Stretch[] = [];
  let from = fromMs;
  for (const silence of silences) {
    const begin = Math.max(silence.fromMs, from) + longestPauseMs / 2;
    const end = Math.min(silence.toMs, toMs) - longestPauseMs / 2;
    if (end - begin < leastCutMs) continue;
    kept.push({ fromMs: from, toMs: begin });
    from = end;
  }
  return toMs > from ? [...kept, { fromMs: from, toMs }] : kept;
}

/**
 * Where a moment of the file is in the episode. Null: it was cut out. Later moments never come earlier: those within a
 * crossfade, of which two are heard at once, count as its begin.
 */
export function mapTime({ parts }: EditPlan, ms: number): number | null {
  for (const [index, part] of parts.entries()) {
    if (part.source !== "content" || ms < part.fromMs || ms > part.toMs) continue;
    const next = parts[index + 1];
    return Math.min(part.atMs + ms - part.fromMs, next?.source === "content" ? next.atMs : Infinity);
  }
  return null;
}

/** Where a stretch of the file, such as a cue, is in the episode: what is left of it. Null: nothing. */
export function mapStretch(plan: EditPlan, { fromMs, toMs }: Stretch): Stretch | null {
  const kept = plan.parts.filter((part) => part.source === "content" && part.toMs > fromMs && part.fromMs < toMs);
  const [first, last] = [kept[0], kept.at(-1)];
  if (first === undefined || last === undefined) return null;
  const from = mapTime(plan, Math.max(fromMs, first.fromMs));
  const to = mapTime(plan, Math.min(toMs, last.toMs));
  return from === null || to === null || to <= from ? null : { fromMs: from, toMs: to };
}
