import type { Turn } from "#domain/transcript.ts";
import { runChild } from "../child.ts";

/** What finding out who speaks when gives. Speakers are numbered from 1 by first appearance. */
interface Diarization {
  turns: Turn[];
  speakers: number;
  method: "channels" | "embedded";
  /** One sentence for people: how far to trust it. */
  note: string;
}

/** `speech` is a WAV made by `transcodeMedia`; `speakers` the number of people, where somebody knows it. */
export type Diarize = (options: {
  speech: string;
  speakers?: number;
  signal?: AbortSignal;
  onProgress?: (fraction: number) => void;
}) => Promise<Diarization>;

export interface DiarizeJob {
  speech: string;
  speakers?: number | undefined;
  threads: number;
}

export type FoundTurns = Pick<Diarization, "turns" | "method">;

/**
 * Finds speakers on this machine, in a child process: by channel where each speaker has one, else by voice. Voice
 * embeddings stay in that process's memory and end with it: in some laws they are biometric data.
 */
export function createDiarizer({
  threads = 2,
  maxRssMb = 1500,
}: {
  threads?: number;
  maxRssMb?: number;
} = {}): Diarize {
  return async ({ speech, speakers, signal, onProgress }) => {
    const found = await runChild<FoundTurns, number>({
      module: new URL("./diarize-child.ts", import.meta.url),
      method: "diarize",
      input: { speech, speakers, threads } satisfies DiarizeJob,
      // An 8-hour recording takes some ten minutes on an ordinary machine.
      deadlineMs: 2 * 3_600_000,
      deadlineCode: "stalled",
      maxRssMb,
      signal,
      onProgress,
    });
    const count = new Set(found.turns.map((turn) => turn.speaker)).size;
    return { ...found, speakers: count, note: noteFor(found.method, count) };
  };
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
