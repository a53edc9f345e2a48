import { APIError } from "openai";
import { planPieces } from "#domain/pieces.ts";
import type { Stretch } from "#domain/pieces.ts";
import type { Utterance } from "#domain/transcript.ts";

/** A part of a recording, in seconds. */
export interface Span {
  start: number;
  end: number;
}

/** The longest piece for a model that gives no times: whose words they are is told by when they were said. */
export const untimedSeconds = 20;

/** A server answered with the words alone where it was asked for their times. */
export class NoTimes extends Error {
  override name = "NoTimes";
  readonly text: string;

  constructor(text: string) {
    super("words without times");
    this.text = text;
  }
}

export const isShort = ({ start, end }: Span): boolean => end - start <= untimedSeconds + 1;

/** Words of which only the piece is known, within it. */
export function asOne(words: string, { start, end }: Span): Utterance[] {
  const text = words.trim();
  return text === "" ? [] : [{ start: 0, end: end - start, text }];
}

/** Whether words without times may be had where those with times were not: vLLM's Whisper, and what gateways pass on. */
export function mayLackTimes(error: unknown): boolean {
  if (error instanceof NoTimes) return true;
  if (!(error instanceof APIError) || error.status === undefined) return false;
  if (error.status === 400 || error.status === 422) return true;
  return error.status >= 500 && /response_format|verbose_json|timestamp/i.test(error.message);
}

/** A piece cut at silences, by where somebody speaks in the whole recording. All of it where nobody seems to. */
export function shorterPieces({ start, end }: Span, stretches: Stretch[]): Span[] {
  const within = stretches
    .filter((each) => each.end > start && each.start < end)
    .map((each) => ({ ...each, start: Math.max(start, each.start), end: Math.min(end, each.end) }));
  const speech = within.length > 0 ? within : [{ start, end, quiet: [] }];
  return planPieces(speech, [], { maxSeconds: untimedSeconds }).map((piece) => ({
    start: Math.max(start, piece.start),
    end: Math.min(end, piece.end),
  }));
}
