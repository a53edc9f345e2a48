import type { Piece, Utterance } from "#domain/transcript.ts";
import type { Foreign } from "./language-mismatch.ts";

/** A voice the provider should recognise again: a speaker's number and 2 to 10 seconds of that speaker alone. */
export interface KnownSpeaker {
  speaker: number;
  start: number;
  end: number;
}

export interface RecogniseContext {
  knownSpeakers?: KnownSpeaker[];
}

/** One recording being recognised. Times are seconds from its start. */
export interface SpeechSession {
  /** The words of one piece; none where nothing was understood. */
  recognise(piece: Pick<Piece, "start" | "end">, context?: RecogniseContext): Promise<Utterance[]>;
  /**
   * Whether what is spoken is another language than it knows, by a few of all its pieces. Left out where it knows all, or
   * finds out by itself.
   */
  soundsForeign?(pieces: Pick<Piece, "start" | "end">[]): Promise<Foreign>;
  close(): Promise<void>;
}

export interface SpeechEngine {
  /** Shown to people and stored with the transcript, such as `moonshine-tiny`. */
  readonly id: string;
  /** The longest piece it should be given. */
  readonly maxPieceSeconds: number;
  /** How many pieces of a recording are best given to it at the same time. */
  readonly piecesAtOnce: number;
  /** Whether utterances within a piece have times of their own. Where not, pieces should end at changes of speaker. */
  readonly timesUtterances: boolean;
  /** Whether its utterances name speakers, so that turns of our own are not needed. */
  readonly namesSpeakers: boolean;
  /** The languages it knows, as codes; null: all that Whisper knows. */
  readonly languages: string[] | null;
  /** Whether it finds out the language where nobody said one. */
  readonly detects: boolean;
  /** `language` is a BCP 47 tag, or null when nobody said one. */
  supports(language: string | null): boolean;
  /** Fails with `language_unsupported` where `supports` says no. Aborting the signal ends what is under way. */
  open(options: { speech: string; language: string | null; signal?: AbortSignal }): Promise<SpeechSession>;
}
