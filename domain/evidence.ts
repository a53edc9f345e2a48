import { ActionItem, bulletKinds } from "./analysis.ts";
import type { AnalysisResult, Bullet } from "./analysis.ts";
import { inertText } from "./inert-text.ts";

/** What an analyst claims before anybody has looked at its evidence. `quote` is the words it rests on, or null. */
export interface DraftBullet {
  kind: (typeof bulletKinds)[number];
  text: string;
  quote: string | null;
  segmentIds: string[];
}
export interface DraftActionItem {
  text: string;
  owner: string | null;
  due: string | null;
  quote: string | null;
  segmentIds: string[];
}
export interface Draft {
  /** Sentences of the prose summary, in reading order; they need evidence like any other statement. */
  overview: { text: string; segmentIds: string[] }[];
  bullets: DraftBullet[];
  actionItems: DraftActionItem[];
  notes: string[];
}

/** The segments as far as evidence goes: any object with these fields fits. */
export interface EvidenceSegment {
  id: string;
  text: string;
  start: number;
}

/**
 * `verbatim`: each text must be a quote of one of its segments, and is kept to the letter.
 * `claims`: texts are a model's own words; they are made inert, and a quote is checked only where one is given.
 */
export type EvidenceRule = "verbatim" | "claims";

const limits = { text: 2000, owner: 200, segmentIds: 50, items: 200, notes: 50, summary: 20_000 } as const;

/** How much of a draft is looked at; a hostile one may hold millions of claims. */
const examined = { claims: 500, ids: 200, length: 10_000 } as const;

/**
 * Turns a draft into a result that holds only what the transcript can answer for:
 * - a statement all of whose ids are unknown, or whose text is empty, is dropped;
 * - a quote outside the segments named is looked for in the whole transcript, and its place taken instead;
 * - a bullet that names no segment, or whose quote was never said, stays with `supported: false` and no ids;
 * - an action item or a sentence of the summary without evidence is dropped.
 *
 * Repeats become one statement with the evidence of all. Statements come in order of time, unsupported ones last.
 * `notes` tells what was dropped or marked.
 */
export function linkEvidence(draft: Draft, segments: readonly EvidenceSegment[], rule: EvidenceRule): AnalysisResult {
  const transcript = readTranscript(segments);
  const judge = rule === "verbatim" ? judgeQuote : judgeClaim;
  const keyOf = rule === "verbatim" ? (text: string) => text : wordsOf;
  const counts = { dropped: 0, marked: 0, tasks: 0 };

  const bullets = draft.bullets.slice(0, examined.claims).flatMap((claim): Placed<Bullet>[] => {
    const judgement = judge(claim, transcript);
    if (!judgement) {
      counts.dropped += 1;
      return [];
    }
    const { text, ids, place } = judgement;
    const supported = ids.length > 0;
    if (!supported) counts.marked += 1;
    const value = { kind: claim.kind, text, segmentIds: ids, supported };
    return [{ value, place, key: `${claim.kind} ${supported} ${keyOf(text)}` }];
  });

  const items = draft.actionItems.slice(0, examined.claims).flatMap((claim): Placed<ActionItem>[] => {
    const judgement = judge(claim, transcript);
    if (!judgement || judgement.ids.length === 0) {
      counts.tasks += 1;
      return [];
    }
    const { text, ids, place } = judgement;
    const owner = inertText(claim.owner ?? "", limits.owner) || null;
    const due = ActionItem.shape.due.safeParse(claim.due).success ? claim.due : null;
    return [{ value: { text, owner, due, segmentIds: ids }, place, key: `${owner} ${due} ${keyOf(text)}` }];
  });

  const sentences = draft.overview.slice(0, examined.claims).flatMap(({ text, segmentIds }) => {
    const judgement = judge({ text, quote: null, segmentIds }, transcript);
    return judgement && judgement.ids.length > 0 ? [judgement.text] : [];
  });

  const keptBullets = merged(bullets, transcript);
  const keptItems = merged(items, transcript);
  const over = Math.max(0, keptBullets.length - limits.items) + Math.max(0, keptItems.length - limits.items);
  const said = draft.notes
    .slice(0, examined.claims)
    .map((note) => inertText(note, limits.text))
    .filter(Boolean);
  return {
    text: joined(sentences, limits.summary),
    bullets: keptBullets.slice(0, limits.items),
    actionItems: keptItems.slice(0, limits.items),
    notes: [...notesOf({ ...counts, over }), ...said].slice(0, limits.notes),
  };
}

interface Claim {
  text: string;
  quote: string | null;
  segmentIds: string[];
}

/** `ids` in order of time, empty where nothing supports the text; `place` is the first one's position. */
interface Judgement {
  text: string;
  ids: string[];
  place: number;
}

interface Transcript {
  segments: readonly EvidenceSegment[];
  places: ReadonlyMap<string, number>;
  /** The known ones of these ids, once each, in order of time. */
  cite: (ids: string[]) => EvidenceSegment[];
  /** A segment's text as `wordsOf` gives it, worked out once. */
  saidIn: (segment: EvidenceSegment) => string;
}

function readTranscript(unordered: readonly EvidenceSegment[]): Transcript {
  const segments = unordered.toSorted((a, b) => a.start - b.start);
  const places = new Map(segments.map((segment, place) => [segment.id, place]));
  const cite = (ids: string[]) => {
    const cited = new Set(ids.slice(0, examined.ids).flatMap((id) => places.get(id) ?? []));
    return [...cited].toSorted((a, b) => a - b).flatMap((place) => segments[place] ?? []);
  };
  const said = new Map<EvidenceSegment, string>();
  const saidIn = (segment: EvidenceSegment) => {
    const words = said.get(segment) ?? wordsOf(segment.text);
    said.set(segment, words);
    return words;
  };
  return { segments, places, cite, saidIn };
}

function judgement(text: string, cited: EvidenceSegment[], { places }: Transcript): Judgement {
  const ids = cited.slice(0, limits.segmentIds).map((segment) => segment.id);
  return { text, ids, place: places.get(ids[0] ?? "") ?? Number.POSITIVE_INFINITY };
}

function judgeQuote(claim: Claim, transcript: Transcript): Judgement | null {
  const text = claim.text.trim();
  const cited = transcript.cite(claim.segmentIds).filter((segment) => segment.text.includes(text));
  if (!text || text.length > limits.text || cited.length === 0) return null;
  return judgement(text, cited, transcript);
}

function judgeClaim(claim: Claim, transcript: Transcript): Judgement | null {
  const text = inertText(claim.text.slice(0, examined.length), limits.text);
  const cited = transcript.cite(claim.segmentIds);
  const isInvented = claim.segmentIds.length > 0 && cited.length === 0;
  if (!text || isInvented) return null;
  const quote = wordsOf((claim.quote ?? "").slice(0, examined.length));
  if (!quote || isSaid(quote, cited, transcript)) return judgement(text, cited, transcript);
  return judgement(text, placeOf(quote, transcript), transcript);
}

/** The segment a quote stands in, for models that quote rightly and count wrongly; short quotes fit anywhere. */
function placeOf(quote: string, transcript: Transcript): EvidenceSegment[] {
  if (quote.split(" ").length < 4) return [];
  const segment = transcript.segments.find((each) => isSaid(quote, [each], transcript));
  return segment ? [segment] : [];
}

/** Fewer words stand in too many places to show anything. */
const fewestQuoted = 3;

/** The segment a quote stands in: the one that is named for it, or another in which it was said. Null: it never was. */
export function segmentOfQuote(
  { segmentId, quote }: { segmentId: string; quote: string },
  segments: readonly EvidenceSegment[],
): string | null {
  const transcript = readTranscript(segments);
  const words = wordsOf(quote.slice(0, examined.length));
  const named = transcript.cite([segmentId]);
  const isWhole = named[0] !== undefined && transcript.saidIn(named[0]) === words;
  if (!words || (words.split(" ").length < fewestQuoted && !isWhole)) return null;
  return (isSaid(words, named, transcript) ? segmentId : placeOf(words, transcript)[0]?.id) ?? null;
}

interface Placed<T> {
  value: T;
  place: number;
  key: string;
}

/** One statement per key, in order of place; the first wording stays and takes the others' evidence. */
function merged<T extends { segmentIds: string[] }>(placed: Placed<T>[], { cite }: Transcript): T[] {
  const byKey = new Map<string, T>();
  for (const { key, value } of placed.toSorted((a, b) => (a.place === b.place ? 0 : a.place - b.place))) {
    const first = byKey.get(key);
    const cited = cite([...(first?.segmentIds ?? []), ...value.segmentIds]).slice(0, limits.segmentIds);
    byKey.set(key, { ...(first ?? value), segmentIds: cited.map((segment) => segment.id) });
  }
  return [...byKey.values()];
}

/** Words without case and punctuation: what two texts are compared by. */
const wordsOf = (text: string) => (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(" ");

// A quote may run over the edge of a segment, so the cited segments are read as one text.
function isSaid(quoteWords: string, cited: readonly EvidenceSegment[], { saidIn }: Transcript): boolean {
  return ` ${cited.map(saidIn).join(" ")} `.includes(` ${quoteWords} `);
}

function joined(sentences: string[], limit: number): string {
  let text = "";
  for (const sentence of new Set(sentences)) {
    const next = text ? `${text} ${sentence}` : sentence;
    if (next.length > limit) break;
    text = next;
  }
  return text;
}

function notesOf(counts: Record<"dropped" | "marked" | "tasks" | "over", number>): string[] {
  const told: [number, string][] = [
    [counts.dropped, "Statements left out because nothing in the transcript supports them"],
    [counts.marked, "Statements marked because no part of the transcript was found that supports them"],
    [counts.tasks, "Action items left out because nothing in the transcript supports them"],
    [counts.over, "Statements left out because there were too many"],
  ];
  return told.flatMap(([count, words]) => (count > 0 ? [`${words}: ${count}.`] : []));
}
