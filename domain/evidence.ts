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

/**
 * Turns a draft into a result that holds only what the transcript can answer for:
 * - a statement all of whose ids are unknown, or whose text is empty, is dropped;
 * - a bullet that names no segment, or whose quote is not in its segments, stays with `supported: false` and no ids;
 * - an action item or a sentence of the summary without evidence is dropped.
 *
 * Repeats become one statement with the evidence of all. Statements come in order of time, unsupported ones last.
 * `notes` tells what was dropped or marked.
 */
export function linkEvidence(draft: Draft, segments: readonly EvidenceSegment[], rule: EvidenceRule): AnalysisResult {
  const known = new Map(segments.map((segment, place) => [segment.id, { ...segment, place }]));
  const counts = { dropped: 0, marked: 0, tasks: 0, over: 0 };

  const judge = (claim: { text: string; quote: string | null; segmentIds: string[] }): Judgement | null => {
    const text = rule === "verbatim" ? claim.text.trim() : inertText(claim.text, limits.text);
    if (!text || text.length > limits.text) return null;
    const cited = [...new Set(claim.segmentIds)].flatMap((id) => known.get(id) ?? []);
    if (claim.segmentIds.length > 0 && cited.length === 0) return null;
    cited.sort((a, b) => a.start - b.start || a.place - b.place);
    const isProven =
      rule === "verbatim"
        ? cited.some((segment) => segment.text.includes(text))
        : cited.length > 0 && (!claim.quote?.trim() || isSaid(claim.quote, cited));
    if (!isProven) return rule === "verbatim" ? null : { text, ids: [], place: Number.POSITIVE_INFINITY };
    const ids = cited.slice(0, limits.segmentIds).map((segment) => segment.id);
    return { text, ids, place: cited[0]?.place ?? Number.POSITIVE_INFINITY };
  };

  const bullets: Placed<Bullet>[] = [];
  for (const claim of draft.bullets) {
    const judgement = judge(claim);
    if (!judgement) {
      counts.dropped += 1;
      continue;
    }
    const supported = judgement.ids.length > 0;
    if (!supported) counts.marked += 1;
    const value = { kind: claim.kind, text: judgement.text, segmentIds: judgement.ids, supported };
    bullets.push({ value, place: judgement.place, key: `${claim.kind} ${supported} ${wordsOf(judgement.text)}` });
  }

  const items: Placed<ActionItem>[] = [];
  for (const claim of draft.actionItems) {
    const judgement = judge(claim);
    if (!judgement || judgement.ids.length === 0) {
      counts.tasks += 1;
      continue;
    }
    const owner = inertText(claim.owner ?? "", limits.owner) || null;
    const due = claim.due !== null && ActionItem.shape.due.safeParse(claim.due).success ? claim.due : null;
    const value = { text: judgement.text, owner, due, segmentIds: judgement.ids };
    items.push({ value, place: judgement.place, key: wordsOf(judgement.text) });
  }

  const order = (id: string) => known.get(id)?.place ?? 0;
  const keptBullets = merged(bullets, order);
  const keptItems = merged(items, order);
  counts.over = Math.max(0, keptBullets.length - limits.items) + Math.max(0, keptItems.length - limits.items);

  const sentences = draft.overview.flatMap(({ text, segmentIds }) => {
    const judgement = judge({ text, quote: null, segmentIds });
    return judgement && judgement.ids.length > 0 ? [judgement.text] : [];
  });
  return {
    text: joined(sentences, limits.summary),
    bullets: keptBullets.slice(0, limits.items),
    actionItems: keptItems.slice(0, limits.items),
    notes: [...notesOf(counts), ...draft.notes.map((note) => inertText(note, limits.text)).filter(Boolean)].slice(
      0,
      limits.notes,
    ),
  };
}

interface Judgement {
  text: string;
  ids: string[];
  place: number;
}

interface Placed<T> {
  value: T;
  place: number;
  key: string;
}

/** One statement per key, in order of place; the first wording stays and takes the others' evidence. */
function merged<T extends { segmentIds: string[]; owner?: string | null; due?: string | null }>(
  placed: Placed<T>[],
  order: (id: string) => number,
): T[] {
  const byKey = new Map<string, Placed<T>>();
  for (const each of placed.toSorted((a, b) => (a.place === b.place ? 0 : a.place - b.place))) {
    const first = byKey.get(each.key);
    if (!first) {
      byKey.set(each.key, each);
      continue;
    }
    const ids = [...new Set([...first.value.segmentIds, ...each.value.segmentIds])];
    const segmentIds = ids.toSorted((a, b) => order(a) - order(b)).slice(0, limits.segmentIds);
    byKey.set(each.key, { ...first, value: { ...first.value, segmentIds } });
  }
  return [...byKey.values()].map(({ value }) => value);
}

/** Words without case and punctuation: what two texts are compared by. */
const wordsOf = (text: string) => (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [text]).join(" ");

function isSaid(quote: string, cited: readonly EvidenceSegment[]): boolean {
  // A quote may run over the edge of a segment, so the cited segments are read as one text.
  const said = cited.map((segment) => wordsOf(segment.text)).join(" ");
  return ` ${said} `.includes(` ${wordsOf(quote)} `);
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

function notesOf(counts: { dropped: number; marked: number; tasks: number; over: number }): string[] {
  const many = (count: number, one: string, more: string) => `${count} ${count === 1 ? one : more}`;
  return [
    counts.dropped > 0 &&
      `${many(counts.dropped, "statement was", "statements were")} left out: nothing in the transcript supports them.`,
    counts.marked > 0 &&
      `${many(counts.marked, "statement is", "statements are")} marked: no part of the transcript was found that supports them.`,
    counts.tasks > 0 &&
      `${many(counts.tasks, "action item was", "action items were")} left out: nothing in the transcript supports them.`,
    counts.over > 0 && `${many(counts.over, "statement", "statements")} beyond the first 200 were left out.`,
  ].filter((note) => note !== false);
}
