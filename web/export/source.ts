import { describeGap, withGaps } from "#domain/transcript-gap.ts";
import type { TranscriptGap } from "#domain/transcript-gap.ts";
import type { ActionItem, Bullet } from "#domain/analysis.ts";
import { defaultSpeakerName } from "#domain/transcript.ts";
import type { Segment } from "#domain/transcript.ts";

/** One conversation as it is exported. `createdAt` is an ISO time, `recordedOn` a day where it is known, `heldOn` that of a call; `summary` is null before there is one. */
export interface ExportSource {
  title: string;
  createdAt: string;
  recordedOn: string | null;
  heldOn?: string | null;
  durationSeconds: number | null;
  /** Display names by label; labels without one are shown as "Speaker 1". */
  speakers: Readonly<Record<string, string>>;
  segments: Segment[];
  /** Where a call was not heard. */
  absences?: TranscriptGap[];
  summary: { text: string; bullets: Bullet[] } | null;
  actionItems: ActionItem[];
  /** What a reader must know, such as parts without a transcript. */
  notes: string[];
}

/** What subtitles need of it. */
export type Spoken = Pick<ExportSource, "speakers" | "segments">;

/** The source with people's words on one line each, speakers by name, segments by time, evidence as seconds. */
export interface ExportView {
  title: string;
  facts: string[];
  summary: string;
  sections: { heading: string; items: { text: string; at: number[]; supported: boolean }[] }[];
  actionItems: { text: string; owner: string | null; due: string | null; at: number[] }[];
  notes: string[];
  /** What was said, and where a call was not heard: a line without a speaker. */
  lines: (ExportLine | (Omit<ExportLine, "speaker"> & { speaker: null }))[];
}

export interface ExportLine {
  speaker: string;
  text: string;
  start: number;
  end: number;
}

const headings = { point: "Key points", decision: "Decisions", question: "Open questions" } as const;

/** What every textual format shows, in one shape. */
export function viewOf(source: ExportSource): ExportView {
  const lines = linesOf(source);
  const starts = new Map(source.segments.map(({ id, start }) => [id, start]));
  const at = (segmentIds: string[]) => segmentIds.flatMap((id) => starts.get(id) ?? []);
  const bullets = source.summary?.bullets ?? [];
  const sections = (["point", "decision", "question"] as const).flatMap((kind) => {
    const items = bullets
      .filter((bullet) => bullet.kind === kind)
      .map(({ text, segmentIds, supported }) => ({ text: oneLine(text), at: at(segmentIds), supported }));
    return items.length > 0 ? [{ heading: headings[kind], items }] : [];
  });
  return {
    title: oneLine(source.title) || "Conversation",
    facts: factsOf(source, lines),
    summary: oneLine(source.summary?.text ?? ""),
    sections,
    actionItems: source.actionItems.map(({ text, owner, due, segmentIds }) => ({
      text: oneLine(text),
      owner: owner === null ? null : oneLine(owner),
      due,
      at: at(segmentIds),
    })),
    notes: source.notes.map(oneLine),
    lines: withGaps(lines, source.absences ?? []).map((row) =>
      "said" in row ? row.said : { speaker: null, text: describeGap(row.gap), start: row.gap.start, end: row.gap.end },
    ),
  };
}

/** The segments in order of time, with speakers by name. */
export const linesOf = ({ segments, speakers }: Spoken): ExportLine[] =>
  segments
    .toSorted((a, b) => a.start - b.start || a.sequenceNumber - b.sequenceNumber)
    .map(({ speaker, label = speaker, text, start, end }) => ({
      speaker: nameOf(label, speakers),
      text: oneLine(text),
      start,
      end,
    }));

function nameOf(label: string, speakers: ExportSource["speakers"]): string {
  const given = Object.hasOwn(speakers, label) ? oneLine(speakers[label] ?? "") : "";
  return given || oneLine(defaultSpeakerName(label)) || "Speaker";
}

function factsOf(source: ExportSource, lines: ExportLine[]): string[] {
  const { durationSeconds } = source;
  const names = [...new Set(lines.map(({ speaker }) => speaker))];
  return [
    dayFact(source),
    ...(durationSeconds === null ? [] : [`Length: ${clock(durationSeconds)}`]),
    ...(names.length > 0 ? [`Speakers: ${names.join(", ")}`] : []),
  ];
}

function dayFact({ createdAt, recordedOn, heldOn }: ExportSource): string {
  if (heldOn) return `Held: ${heldOn}`;
  return recordedOn === null ? `Uploaded: ${createdAt.slice(0, 10)}` : `Recorded: ${recordedOn}`;
}

/** Text on one line, without what no document may hold: control characters, direction overrides, half characters. */
const oneLine = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\s\u2028\u2029]+/gu, " ")
    .replace(/[\u202A-\u202E\u2066-\u2069\uFFFE\uFFFF]/g, "")
    .trim();

/** Seconds as people read them: `0:07`, `12:34`, `1:02:03`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** The places of a statement's evidence, such as `0:07, 1:15`; or that there is none. */
export const placesOf = (at: number[], supported = true): string => {
  if (!supported) return "not supported by the transcript";
  const shown = at.slice(0, 5).map(clock);
  return [...new Set(shown), ...(at.length > 5 ? ["…"] : [])].join(", ");
};
