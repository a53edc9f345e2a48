import type { Turn } from "#domain/transcript.ts";
import { timing } from "#domain/timing.ts";
import { keepChildren } from "../kept-children.ts";
import { openSpeech } from "../media/wav.ts";
import { joinTurns, numberByAppearance } from "./speakers.ts";

/** What finding out who speaks when gives. Speakers are numbered from 1 by first appearance. */
interface Diarization {
  turns: Turn[];
  speakers: number;
  method: "channels" | "embedded";
  /** One sentence for people: how far to trust it. */
  note: string;
}

/** Works on the slice of a recording that begins there; `next` is where the one after it does, null after the last. */
type RunSlice<Found> = (from: number) => Promise<{ found: Found[]; next: number | null }>;

/**
 * Works slice by slice, and gives all that was found; null where others have their turn first, after which it goes on
 * where it stopped.
 */
export type RunSlices = <Found>(
  what: "voices" | "left" | "right",
  runSlice: RunSlice<Found>,
) => Promise<Found[] | null>;

/** `speech` is a WAV made by `transcodeMedia`; `speakers` the number of people, where somebody knows it. */
export type Diarize = (options: {
  speech: string;
  speakers?: number;
  signal?: AbortSignal;
  onProgress?: (fraction: number) => void;
  runSlices: RunSlices;
}) => Promise<Diarization | null>;

interface ListenJob {
  speech: string;
  from: number;
  seconds: number;
}
export type VoiceJob = ListenJob & { threads: number };
export type ChannelJob = ListenJob & { channel: number };

/** Speech, and its voice as 32-bit floats in base64, as it is kept between turns. */
export interface KeptVoice {
  start: number;
  end: number;
  voice: string;
}

export interface TurnsJob {
  voices: KeptVoice[];
  speakers?: number | undefined;
}

type Span = Pick<Turn, "start" | "end">;

const partSeconds = 30;
// Some 40 times faster than speech; more than this is a hang.
const partMs = 300_000;
// Grows with the square of the length up to an hour, and with the length from there.
const clusterMs = 30 * 60_000;

/**
 * Finds speakers on this machine, in a child process: by channel where each speaker has one, else by voice. Voice
 * embeddings are kept for as long as the recording is listened to and no longer: in some laws they are biometric data.
 */
export function createDiarizer({
  threads = 2,
  maxRssMb = 1500,
}: {
  threads?: number;
  maxRssMb?: number;
} = {}): Diarize {
  const module = new URL("./diarize-child.ts", import.meta.url);
  const children = keepChildren({ module, maxRssMb, idleMs: timing.keepLoadedMs });
  return async ({ speech, speakers, signal, onProgress, runSlices }) => {
    const { channels, seconds } = await shapeOf(speech);
    const { child, release } = children.borrow(signal);
    const sliceOf =
      <Found>(method: string, more: object): RunSlice<Found> =>
      (from) => {
        onProgress?.(Math.min(0.99, from / seconds));
        const job = { speech, from, seconds: partSeconds, ...more } satisfies ListenJob;
        return child.call(method, job, { deadlineMs: partMs, deadlineCode: "stalled" });
      };
    try {
      if (channels === 2 && (speakers ?? 2) === 2) {
        const left = await runSlices<Span>("left", sliceOf("channel", { channel: 0 }));
        const right = left && isSpoken(left) ? await runSlices<Span>("right", sliceOf("channel", { channel: 1 })) : [];
        if (left === null || right === null) return null;
        if (isSpoken(right)) return resultOf(byChannel([left, right]), "channels");
      }
      const voices = await runSlices<KeptVoice>("voices", sliceOf("voices", { threads }));
      if (voices === null) return null;
      const deadline = { deadlineMs: clusterMs, deadlineCode: "stalled" } as const;
      const turns = await child.call<Turn[]>("turns", { voices, speakers } satisfies TurnsJob, deadline);
      return resultOf(turns, "embedded");
    } finally {
      await release();
    }
  };
}

async function shapeOf(speech: string) {
  const reader = await openSpeech(speech);
  await reader.close();
  return reader;
}

/** Whether a channel has speech of its own. */
const isSpoken = (own: Span[]) => own.reduce((sum, { start, end }) => sum + end - start, 0) >= 1;

const byChannel = (sides: Span[][]): Turn[] =>
  numberByAppearance(sides.flatMap((own, speaker) => joinTurns(own.map((span) => ({ ...span, speaker })))));

function resultOf(turns: Turn[], method: Diarization["method"]): Diarization {
  const speakers = new Set(turns.map(({ speaker }) => speaker)).size;
  return { turns, speakers, method, note: noteFor(method, speakers) };
}

function noteFor(method: Diarization["method"], speakers: number) {
  if (method === "channels")
    return "Each speaker was recorded on a channel of their own, so the labels can be relied on.";
  if (speakers === 0) return "No speaker was found.";
  if (speakers === 1) return "One voice was heard; very similar voices can be taken for one.";
  return (
    "Speakers were told apart by their voices: people who take turns come out well, in a lively meeting one second in " +
    "eight to one in four can carry the wrong label. If their number is wrong, transcribe again with the right one."
  );
}
