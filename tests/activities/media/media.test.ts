import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSpeech } from "#activities/clients/media/wav.ts";
import { transcodeMedia } from "#activities/clients/media/transcode.ts";
import type { Peaks } from "#activities/clients/media/peaks.ts";
import { interleave, makeMedia, readPcm, recipes } from "#tests/fixtures/make-media.ts";

const limits = { maxDurationSeconds: 3600, deadlineMs: 60_000, maxRssMb: 500 };
let dir = "";
let speech = new Int16Array();

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "convene-media-"));
  speech = (await readPcm("tests/fixtures/two-cities.wav")).slice(0, 16_000 * 12);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const transcode = (input: string, outDir: string) => transcodeMedia({ input, outDir: join(dir, outDir), ...limits });
const readPeaks = async (path: string) => JSON.parse(await readFile(path, "utf8")) as Peaks;

test.for(["speech.wav", "rendition.mp3"])("case 31: a disk that is full for %s is told as that", async (name) => {
  const outDir = join(dir, `full-${name}`);
  await mkdir(outDir);
  await symlink("/dev/full", join(outDir, name));
  const full = transcodeMedia({ input: "tests/fixtures/two-cities.wav", outDir, ...limits });
  await expect(full).rejects.toMatchObject({ type: "storage_full", nonRetryable: false });
});

test.for(Object.keys(recipes) as (keyof typeof recipes)[])(
  "a %s file becomes speech, rendition and peaks",
  async (kind) => {
    const input = join(dir, `sound.${kind}`);
    const video = kind === "mp4" || kind === "mov";
    await makeMedia({ path: input, kind, samples: speech, video });
    const made = await transcode(input, `made-${kind}`);

    expect(made.facts).toMatchObject({ channels: 1, hasVideo: video });
    expect(made.facts.container).toBe(kind === "opus" ? "opus" : kind);
    expect(Math.abs(made.facts.durationMs - 12_000)).toBeLessThan(200);
    expect(made.warnings).toEqual([]);
    const reader = await openSpeech(made.speech);
    expect(reader.channels).toBe(1);
    const loudness = rms(await reader.read(1, 11));
    await reader.close();
    expect(loudness).toBeGreaterThan(
      0.5 * rms(Float32Array.from(speech.slice(16_000, 176_000), (each) => each / 32768)),
    );

    const peaks = await readPeaks(made.peaks);
    expect(peaks.values.length / peaks.valuesPerSecond).toBeCloseTo(peaks.durationSeconds, 0);
    expect(Math.max(...peaks.values)).toBeGreaterThan(10);
    expect(peaks.values.every((value) => Number.isInteger(value) && value >= 0 && value <= 255)).toBe(true);
  },
);

test("the rendition is an MP3 of the same length that can be read again", async () => {
  const input = join(dir, "again.flac");
  await makeMedia({ path: input, kind: "flac", samples: speech });
  const made = await transcode(input, "again");
  const again = await transcode(made.rendition, "again-2");
  expect(made.renditionType).toBe("audio/mpeg");
  expect(again.facts.container).toBe("mp3");
  expect(Math.abs(again.facts.durationMs - made.facts.durationMs)).toBeLessThan(150);
});

test("a process that has written a rendition outlives the garbage collector", async () => {
  const input = join(dir, "collected.flac");
  await makeMedia({ path: input, kind: "flac", samples: speech });
  const script = `
    import { setTimeout as wait } from "node:timers/promises";
    import { openMedia } from "#activities/clients/media/decode.ts";
    import { createSound } from "#activities/clients/media/sound.ts";
    import { createRendition } from "#activities/clients/media/rendition.ts";
    const media = await openMedia(process.argv[1]);
    const rendition = await createRendition(process.argv[2], 16000, 1);
    const sound = createSound(media, media.tracks, 3600);
    for await (const frame of sound.frames()) (rendition.write(frame), frame.free());
    await rendition.close();
    await media.demuxer.close();
    for (let round = 0; round < 5; round += 1) (globalThis.gc(), await wait(10));
    console.log("outlived it");`;
  const args = ["--expose-gc", "--input-type=module", "-e", script, input, join(dir, "collected.mp3")];
  expect((await promisify(execFile)(process.execPath, args)).stdout).toContain("outlived it");
});

test("two channels are kept where each side of a call has one", async () => {
  const silence = new Int16Array(speech.length / 2);
  const half = speech.length / 2;
  const left = Int16Array.from([...speech.subarray(0, half), ...silence]);
  const right = Int16Array.from([...silence, ...speech.subarray(half)]);
  const input = join(dir, "call.flac");
  await makeMedia({ path: input, kind: "flac", channels: 2, samples: interleave(left, right) });
  const made = await transcode(input, "call");
  expect(made.facts.channels).toBe(2);
  expect(made.speechChannels).toBe(2);
  const reader = await openSpeech(made.speech);
  expect(rms(await reader.read(7, 11, 0))).toBeLessThan(0.001);
  expect(rms(await reader.read(7, 11, 1))).toBeGreaterThan(0.005);
  await reader.close();
});

test("ordinary stereo becomes one channel", async () => {
  const input = join(dir, "stereo.flac");
  const quieter = speech.map((sample) => sample * 0.6);
  await makeMedia({ path: input, kind: "flac", channels: 2, samples: interleave(speech, quieter) });
  const made = await transcode(input, "stereo");
  expect(made.facts.channels).toBe(2);
  expect(made.speechChannels).toBe(1);
});

test("peaks of a long recording stay within their number of values", async () => {
  const input = join(dir, "long.aac");
  await makeMedia({ path: input, kind: "aac", samples: speech });
  const bytes = await readFile(input);
  await writeFile(input, Buffer.concat(Array.from({ length: 60 }, () => bytes)));
  const made = await transcode(input, "long");
  const peaks = await readPeaks(made.peaks);
  expect(peaks.durationSeconds).toBeGreaterThan(700);
  expect(peaks.values.length).toBeLessThanOrEqual(8000);
  expect(peaks.values.length).toBeGreaterThan(4000);
});

function rms(samples: Float32Array) {
  return Math.sqrt(samples.reduce((sum, each) => sum + each * each, 0) / Math.max(1, samples.length));
}
