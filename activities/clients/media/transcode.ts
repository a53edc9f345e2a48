import { runChild } from "../child.ts";

interface MediaFacts {
  /** Short name by content: `mp3`, `m4a`, `wav`, `webm`, … */
  container: string;
  /** FFmpeg's name of the audio codec. */
  codec: string;
  /** As decoded, not as the container claims. */
  durationMs: number;
  channels: number;
  sampleRate: number;
  hasVideo: boolean;
}

export interface TranscodeJob {
  input: string;
  /** Made when it is missing; holds `speech.wav`, `rendition.mp3` and `peaks.json` afterwards. */
  outDir: string;
  maxDurationSeconds: number;
}

export interface TranscodeResult {
  facts: MediaFacts;
  /** 16 kHz, 16-bit WAV. Two channels only where each carries another speaker. */
  speech: string;
  speechChannels: number;
  /** What browsers play. */
  rendition: string;
  renditionType: "audio/mpeg";
  /** JSON of type `Peaks` (peaks.ts). */
  peaks: string;
  /** What the container says of itself, such as when it was made: untrusted text. */
  tags: Record<string, string>;
  /** What a reader must know, such as a file that ends before its time. */
  warnings: string[];
}

/**
 * Decodes any recording in one pass, in a child process with a deadline and a memory limit.
 * Fails with `empty_file`, `not_audio`, `damaged_media`, `too_long` or `resource_limit`.
 */
export function transcodeMedia({
  deadlineMs,
  maxRssMb,
  signal,
  onProgress,
  ...job
}: TranscodeJob & {
  deadlineMs: number;
  maxRssMb: number;
  signal?: AbortSignal;
  /** Fraction done, 0 to 1, about twice a second. */
  onProgress?: (fraction: number) => void;
}): Promise<TranscodeResult> {
  return runChild<TranscodeResult, number>({
    module: new URL("./transcode-child.ts", import.meta.url),
    method: "transcode",
    input: job satisfies TranscodeJob,
    deadlineMs,
    maxRssMb,
    signal,
    onProgress,
  });
}
