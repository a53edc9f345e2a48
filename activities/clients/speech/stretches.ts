import type { Stretch } from "#domain/pieces.ts";
import { runChild } from "../child.ts";

/** Where somebody speaks in a speech WAV, found on this machine in a child process of its own. */
export function findStretches({
  speech,
  signal,
  onProgress,
}: {
  speech: string;
  signal?: AbortSignal | undefined;
  onProgress?: ((fraction: number) => void) | undefined;
}): Promise<Stretch[]> {
  return runChild<Stretch[], number>({
    module: new URL("./speech-child.ts", import.meta.url),
    method: "stretches",
    input: speech,
    // Some 150 times faster than speech: a minute or two for the longest recording.
    deadlineMs: 30 * 60_000,
    deadlineCode: "stalled",
    maxRssMb: 1000,
    signal,
    onProgress,
  });
}
