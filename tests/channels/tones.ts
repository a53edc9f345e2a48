import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { transcodeMedia } from "#activities/clients/media/transcode.ts";
import { wavBytes } from "#activities/clients/media/wav.ts";

const rate = 16_000;
const headerBytes = 44;

/** A tone as a WAV file. */
export const tone = (seconds: number, hertz: number, volume = 0.3): Buffer =>
  wavBytes(
    Float32Array.from({ length: seconds * rate }, (_, at) => volume * Math.sin((2 * Math.PI * hertz * at) / rate)),
  );

/** A file's sound as a listener has it: its length in seconds, and how much of a stretch is a tone, from 0 to 1. */
export async function listenTo(input: string) {
  const folder = await mkdtemp(join(tmpdir(), "convene-tones-"));
  try {
    const limits = { maxDurationSeconds: 3600, deadlineMs: 300_000, maxRssMb: 1024 };
    const { speech, facts } = await transcodeMedia({ ...limits, input, outDir: join(folder, "out") });
    const bytes = (await readFile(speech)).subarray(headerBytes);
    const samples = new Int16Array(new Uint8Array(bytes).buffer);
    return {
      seconds: facts.durationMs / 1000,
      shareOf(hertz: number, from: number, to: number): number {
        const part = samples.subarray(Math.round(from * rate), Math.round(to * rate));
        let [re, im, all] = [0, 0, 0];
        for (const [at, sample] of part.entries()) {
          const angle = (2 * Math.PI * hertz * at) / rate;
          re += sample * Math.cos(angle);
          im += sample * Math.sin(angle);
          all += sample * sample;
        }
        return all === 0 ? 0 : (2 * (re * re + im * im)) / (part.length * all);
      },
      /** How loud a stretch is, in dB of full scale. */
      level(from: number, to: number): number {
        const part = samples.subarray(Math.round(from * rate), Math.round(to * rate));
        const power = part.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, part.length);
        return 10 * Math.log10(Math.max(1, power) / 32_768 ** 2);
      },
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
