import { createGate } from "#activities/clients/concurrency-gate.ts";
import { levelSound } from "#activities/clients/media/mix.ts";
import { mostJingleSeconds } from "#domain/channels/channel-file.ts";
import type { JingleKind } from "#domain/channels/channel-file.ts";
import { isFailureCode } from "#domain/failure.ts";
import type { FailureCode } from "#domain/failure.ts";
import type { WebDeps } from "../deps.ts";
import { Problem } from "../http/problem.ts";

const limits = { maxDurationSeconds: mostJingleSeconds, deadlineMs: 60_000, maxRssMb: 512 };
/** Quieter than this as a whole, nobody hears it. */
const silentLufs = -69;

// One decoder takes some 100 MB beside the web process.
const decoding = createGate(2);

/**
 * Decodes a file that is to be heard before or after episodes, in a child process, and writes it to `output` as episodes
 * take it. Refuses in words what is no sound, too long or silent.
 */
export async function makeJingle(
  { log }: Pick<WebDeps, "log">,
  { kind, fileName, input, output }: { kind: JingleKind; fileName: string; input: string; output: string },
): Promise<{ durationMs: number }> {
  await decoding.enter();
  try {
    const { durationMs, loudness } = await levelSound({ ...limits, input, output });
    if (loudness.lufs < silentLufs)
      throw refused("silent", `Nothing can be heard in “${fileName}”. Give one with sound.`);
    return { durationMs };
  } catch (error) {
    const code = codeOf(error);
    if (code === null || code === "storage_full" || code === "stalled") throw error;
    if (code === "internal") log.warn({ err: error, kind }, "a channel's sound ended its decoder");
    throw refused(code === "internal" ? "damaged_media" : code, wordsOf(code, { kind, fileName }));
  } finally {
    decoding.leave();
  }
}

const refused = (code: string, words: string) => new Problem(422, code, words);

function wordsOf(code: FailureCode, { kind, fileName }: { kind: JingleKind; fileName: string }): string {
  switch (code) {
    case "not_audio":
    case "empty_file":
      return `There is no sound in “${fileName}” that we can read. Choose an audio file, such as MP3, M4A or WAV.`;
    case "too_long":
      return `“${fileName}” is longer than the ${mostJingleSeconds} seconds that an ${kind} may last. Shorten it.`;
    case "resource_limit":
      return `Decoding “${fileName}” needed more memory or time than allowed. It may be damaged, or built to do harm.`;
    default:
      return `“${fileName}” is damaged and could not be decoded. Export it again from where it was made.`;
  }
}

function codeOf(error: unknown): FailureCode | null {
  const code = error instanceof Error && "type" in error ? String(error.type) : "";
  return isFailureCode(code) ? code : null;
}
