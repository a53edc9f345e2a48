import { expect } from "vitest";
import type { FaultClient, TranscriptLine } from "./client.ts";

/** What a person reads, without the ids that differ between two runs of the same audio. */
export const wordsOf = (lines: TranscriptLine[]) =>
  lines.map(({ sequenceNumber, speaker, text, start, end }) => ({ sequenceNumber, speaker, text, start, end }));

/** One complete result: numbered from 1 without gap or repeat, with one summary that rests on real segments. */
export async function expectComplete(
  convene: Pick<FaultClient, "rows" | "transcript">,
  id: string,
): Promise<TranscriptLine[]> {
  const lines = await convene.transcript(id);
  expect(lines.map(({ sequenceNumber }) => sequenceNumber).sort((a, b) => a - b)).toEqual(lines.map((_, at) => at + 1));
  const [counts] = await convene.rows<{ analyses: number; told: number; ends: number; engine: string }>(
    `SELECT (SELECT count(*)::int FROM analysis WHERE conversation_id = $1) AS analyses,
            (SELECT count(*)::int FROM live_event WHERE topic = 'conversation:' || $1 AND type = 'segment.added') AS told,
            (SELECT count(*)::int FROM live_event WHERE topic = 'conversation:' || $1 AND type = 'run.completed') AS ends,
            (SELECT speech_model FROM recording WHERE id = $1) AS engine`,
    [id],
  );
  expect(counts).toEqual({ analyses: 1, told: lines.length, ends: 1, engine: "moonshine-tiny" });
  return lines;
}
