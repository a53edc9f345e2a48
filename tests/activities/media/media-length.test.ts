import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { transcodeMedia } from "#activities/clients/media/transcode.ts";
import { makeMedia, readPcm, recipes } from "#tests/fixtures/make-media.ts";

const rate = 16_000;
let dir = "";
let speech = new Int16Array();

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "convene-length-"));
  speech = (await readPcm("tests/fixtures/two-cities.wav")).slice(0, rate * 10);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function make(kind: keyof typeof recipes, samples: Int16Array = speech) {
  const path = join(dir, `sound.${kind}`);
  await makeMedia({ path, kind, samples, video: kind === "mp4" });
  return await readFile(path);
}

/** Decoding makes its folder first: a folder that is not there says that nothing was decoded. */
async function transcode(bytes: Uint8Array, maxDurationSeconds: number) {
  const input = join(await mkdtemp(join(dir, "case-")), "file");
  await writeFile(input, bytes);
  const outDir = `${input}.out`;
  const limits = { maxDurationSeconds, deadlineMs: 120_000, maxRssMb: 500 };
  const made = await transcodeMedia({ input, outDir, ...limits }).catch((error: unknown) => error);
  return { made, hasDecoded: existsSync(outDir) };
}
const tooLong = { type: "too_long", nonRetryable: true };

/**
 * The index of an MP4 says how many ticks each packet lasts, in one entry where all are alike but the last. The edit
 * list, which would cut the sound to the length that was true, goes.
 */
function withSampleTicks(mp4: Buffer, ticks: number) {
  const bytes = Buffer.from(mp4);
  const table = bytes.indexOf("stts");
  expect(bytes.readUInt32BE(table + 16)).toBe(1024);
  bytes.writeUInt32BE(ticks, table + 16);
  bytes.write("free", bytes.indexOf("edts"));
  return bytes;
}

test.for(["aac", "mp3"] as const)("25 hours of silence as %s are refused and not decoded", async (kind) => {
  const minute = await make(kind, new Int16Array(rate * 60));
  const day = Buffer.concat(Array.from({ length: 25 * 60 }, () => minute));
  expect(await transcode(day, 8 * 3600)).toMatchObject({ made: tooLong, hasDecoded: false });
});

test("25 hours by the index of a small file are refused and not decoded", async () => {
  const day = withSampleTicks(await make("m4a"), Math.round((1024 * 25 * 3600) / 10));
  expect(await transcode(day, 8 * 3600)).toMatchObject({ made: tooLong, hasDecoded: false });
});

test.for(Object.keys(recipes) as (keyof typeof recipes)[])(
  "a %s file over the limit is refused and not decoded, one just below it is taken",
  async (kind) => {
    const bytes = await make(kind);
    expect(await transcode(bytes, 8)).toMatchObject({ made: tooLong, hasDecoded: false });
    const { made } = await transcode(bytes, 10.2);
    expect(made).toMatchObject({ facts: { container: kind } });
  },
);

test("a header that says too little does not get a long recording in", async () => {
  const flac = await make("flac");
  // The number of samples is the last 36 bits before the checksum of STREAMINFO.
  expect(flac.readUInt32BE(22)).toBeGreaterThan(rate * 9);
  flac.writeUInt32BE(rate, 22);
  expect(await transcode(flac, 5)).toMatchObject({ made: tooLong, hasDecoded: false });
});

test("packets that say too little are caught while they are decoded", async () => {
  const short = withSampleTicks(await make("m4a"), 8);
  expect(await transcode(short, 5)).toMatchObject({ made: tooLong, hasDecoded: true });
});

test("a header that says too much does not keep a short recording out", async () => {
  const wav = await make("wav");
  const data = wav.indexOf("data");
  // What recorders write that do not know the length yet.
  wav.writeUInt32LE(0x7ffff000, data + 4);
  const { made } = await transcode(wav, 3600);
  expect(made).toMatchObject({ facts: { durationMs: 10_000 } });
});
