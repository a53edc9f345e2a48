import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { transcodeMedia } from "#activities/clients/media/transcode.ts";
import { openSpeech } from "#activities/clients/media/wav.ts";
import { interleave, makeMedia, makeTracks, readPcm } from "#tests/fixtures/make-media.ts";

const rate = 16_000;
let dir = "";
let speech: Int16Array = new Int16Array();

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "convene-cases-"));
  speech = await readPcm("tests/fixtures/two-cities.wav");
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const shipped = (name: string) => join("tests/fixtures/cases", name);

async function transcode(input: string) {
  const outDir = await mkdtemp(join(dir, "made-"));
  return await transcodeMedia({ input, outDir, maxDurationSeconds: 3600, deadlineMs: 120_000, maxRssMb: 400 });
}

/** How much of five seconds is the sample's sound, 0 to 1, where it begins `at` seconds into the file. */
async function likeness(made: { speech: string }, at = 0, begin = 1) {
  const reader = await openSpeech(made.speech);
  const heard = await reader.read(at + begin, at + begin + 5, 0);
  await reader.close();
  const alike = (lag: number, step: number) => {
    const from = begin * rate + lag;
    let [both, own, theirs] = [0, 0, 0];
    for (let index = 0; index < heard.length; index += step) {
      const one = heard[index] ?? 0;
      const other = (speech[from + index] ?? 0) / 32_768;
      both += one * other;
      own += one * one;
      theirs += other * other;
    }
    return both / Math.sqrt(own * theirs || 1);
  };
  // Encoders may put in some silence of their own, up to 80 ms to either side: every 64th sample shows how much.
  const lags = Array.from({ length: 2561 }, (_, at) => at - 1280);
  const rough = new Map(lags.map((lag) => [lag, alike(lag, 64)]));
  const nearest = lags.toSorted((a, b) => (rough.get(b) ?? 0) - (rough.get(a) ?? 0)).slice(0, 20);
  return Math.max(0, ...nearest.map((lag) => alike(lag, 4)));
}

async function write(name: string, bytes: Uint8Array) {
  const path = join(dir, name);
  await writeFile(path, bytes);
  return path;
}

test("case 01: stereo with one side upside down is heard", async () => {
  const made = await transcode(shipped("antiphase.flac"));
  expect(made).toMatchObject({ speechChannels: 1, warnings: [] });
  expect(await likeness(made)).toBeGreaterThan(0.9);
});

test("case 01: a side that turns over in the middle of a file is heard throughout", async () => {
  const left = speech.slice(0, rate * 14);
  const right = left.map((sample, index) => (index > rate * 7 ? -sample : sample));
  const input = join(dir, "turns.flac");
  await makeMedia({ path: input, kind: "flac", channels: 2, samples: interleave(left, right) });
  const made = await transcode(input);
  expect(await likeness(made)).toBeGreaterThan(0.9);
  expect(await likeness(made, 0, 8)).toBeGreaterThan(0.9);
});

test.for(["ts-starts-at-1h.mpegts", "tab-600s.webm"])(
  "case 02: the times of %s count from its beginning",
  async (name) => {
    const made = await transcode(shipped(name));
    expect(made.warnings).toEqual([]);
    expect(Math.abs(made.facts.durationMs - 6600)).toBeLessThan(100);
    expect(await likeness(made)).toBeGreaterThan(0.8);
  },
);

test("case 02: an hour of nothing inside a small file takes no gigabyte", async () => {
  const input = join(dir, "pause.mkv");
  await makeTracks({
    path: input,
    format: "matroska",
    tracks: [{ samples: speech.slice(0, rate * 7), pauseAt: 0.5, pauseSeconds: 3000 }],
  });
  const made = await transcode(input);
  expect(made.facts.durationMs).toBeGreaterThan(3_005_000);
  expect(await likeness(made, 3000, 1)).toBeGreaterThan(0.8);
});

test("case 03: the second sound track is heard where the first is silent, and a warning tells", async () => {
  const made = await transcode(shipped("obs-two-tracks.mkv"));
  expect(made.warnings).toEqual(["This file has 2 sound tracks. Track 2 was used: there is no sound in the rest."]);
  expect(await likeness(made)).toBeGreaterThan(0.8);
});

test("case 03: an MP4 whose second track is the default one is heard", async () => {
  const silence = new Int16Array(rate * 7);
  const input = join(dir, "second.mp4");
  await makeTracks({
    path: input,
    format: "mp4",
    tracks: [{ samples: silence }, { samples: speech.slice(0, rate * 7), isDefault: true }],
  });
  const made = await transcode(input);
  expect(made.warnings).toEqual(["This file has 2 sound tracks. Track 2 was used: there is no sound in the rest."]);
  expect(await likeness(made)).toBeGreaterThan(0.8);
});

test("case 03: what is said on two tracks, one of which begins later, is mixed", async () => {
  const first = speech.map((sample, index) => (index < rate * 7 ? sample : 0)).slice(0, rate * 20);
  const second = speech.slice(rate * 14, rate * 20);
  const input = join(dir, "both.mkv");
  await makeTracks({
    path: input,
    format: "matroska",
    tracks: [{ samples: first }, { samples: second, startSeconds: 14 }],
  });
  const made = await transcode(input);
  expect(made.warnings).toEqual(["This file has 2 sound tracks. Tracks 1 and 2 were mixed into one."]);
  expect(Math.abs(made.facts.durationMs - 20_000)).toBeLessThan(100);
  expect(await likeness(made)).toBeGreaterThan(0.8);
  expect(await likeness(made, 0, 14.5)).toBeGreaterThan(0.8);
});

test("of tracks in several languages the default one is used, and another where that is silent", async () => {
  const english = { samples: speech.slice(0, rate * 7), language: "eng" };
  const german = { samples: speech.slice(rate * 20, rate * 27), language: "deu", isDefault: true };
  const input = join(dir, "dubbed.mkv");
  await makeTracks({ path: input, format: "matroska", tracks: [english, german] });
  const dubbed = await transcode(input);
  expect(dubbed.warnings).toEqual([
    "This file has 2 sound tracks. Track 2 was used (language: deu): what is said in the others is not part of the transcript.",
  ]);
  expect(await likeness(dubbed)).toBeLessThan(0.3);

  await makeTracks({
    path: input,
    format: "matroska",
    tracks: [english, { ...german, samples: new Int16Array(rate * 7) }],
  });
  expect(await likeness(await transcode(input))).toBeGreaterThan(0.8);
});

test.for(["rf64.wav", "wave64.w64", "apple-alac.caf"])("case 04: %s is read", async (name) => {
  const made = await transcode(shipped(name));
  expect(made.warnings).toEqual([]);
  expect(made.facts.durationMs).toBe(6600);
  expect(await likeness(made)).toBeGreaterThan(0.9);
});

test.for(["caf", "au", "w64"] as const)("case 04: a PCM %s file is read", async (format) => {
  const input = join(dir, `plain.${format}`);
  await makeTracks({ path: input, format, tracks: [{ samples: speech.slice(0, rate * 7) }], isPcm: true });
  const made = await transcode(input);
  expect(made).toMatchObject({ facts: { durationMs: 7000, container: format }, warnings: [] });
  expect(await likeness(made)).toBeGreaterThan(0.9);
});

test("case 05: sound that begins after the picture is whole", async () => {
  const made = await transcode(shipped("late-sound.mkv"));
  expect(made.warnings).toEqual([]);
  expect(Math.abs(made.facts.durationMs - 10_600)).toBeLessThan(100);
  expect(await likeness(made, 4)).toBeGreaterThan(0.8);
});

test("case 05: a length that is an estimate by the first bit rate is no promise", async () => {
  const slow = join(dir, "slow.mp3");
  const fast = join(dir, "fast.mp3");
  await makeMedia({ path: slow, kind: "mp3", samples: speech.slice(0, rate * 3), bitrate: "16k" });
  await makeMedia({ path: fast, kind: "mp3", samples: speech.slice(0, rate * 40), bitrate: "128k" });
  // Without their first frames, which hold the number of frames.
  const parts = [await readFile(slow), await readFile(fast)].map(withoutFrameCount);
  const made = await transcode(await write("rate-change.mp3", Buffer.concat(parts)));
  expect(made.facts.durationMs).toBeGreaterThan(42_000);
  expect(made.warnings).toEqual([]);
});

test("a recording as raw AAC is whole", async () => {
  const input = join(dir, "raw.aac");
  // Silence at the end takes less than the beginning lets expect, and the reverse.
  for (const samples of [
    [...speech, ...new Int16Array(rate * 60)],
    [...new Int16Array(rate * 60), ...speech],
  ]) {
    await makeMedia({ path: input, kind: "aac", samples: Int16Array.from(samples) });
    expect((await transcode(input)).warnings).toEqual([]);
  }
});

test.for(["wav", "mp3", "flac", "m4a"] as const)("a %s file that was cut off gets a warning", async (kind) => {
  const path = join(dir, `whole.${kind}`);
  await makeMedia({ path, kind, samples: speech });
  const bytes = await readFile(path);
  // The index of an MP4 has to come first for there to be anything to read.
  const whole = kind === "m4a" ? withIndexFirst(bytes) : bytes;
  expect((await transcode(await write(`again.${kind}`, whole))).warnings).toEqual([]);
  const made = await transcode(await write(`cut.${kind}`, whole.subarray(0, whole.length / 2)));
  expect(made.warnings).toEqual([
    expect.stringMatching(/^The file says it is 4\d s long, but only \d\d s could be read/),
  ]);
});

test("a WAV whose recorder never wrote its length is whole", async () => {
  const path = join(dir, "open.wav");
  await makeMedia({ path, kind: "wav", samples: speech.slice(0, rate * 5) });
  for (const size of [0, 0xffff_ffff, 0x7fff_ff00]) {
    const wav = await readFile(path);
    wav.writeUInt32LE(size, wav.indexOf("data") + 4);
    const made = await transcode(await write("open-2.wav", wav));
    expect(made).toMatchObject({ facts: { durationMs: 5000 }, warnings: [] });
  }
});

/** From the second MP3 frame on. */
function withoutFrameCount(mp3: Buffer) {
  const first = mp3.indexOf(Buffer.from([0xff]), mp3.toString("latin1", 0, 3) === "ID3" ? 45 : 0);
  const head = mp3.subarray(first, first + 2);
  return mp3.subarray(mp3.indexOf(head, first + 4));
}

/** Moves the index of an MP4 before the sound, and the places it tells with it. */
function withIndexFirst(mp4: Buffer) {
  const moov = mp4.indexOf("moov") - 4;
  const mdat = mp4.indexOf("mdat") - 4;
  const index = Buffer.from(mp4.subarray(moov));
  const table = index.indexOf("stco");
  for (let entry = 0; entry < index.readUInt32BE(table + 8); entry += 1) {
    const at = table + 12 + entry * 4;
    index.writeUInt32BE(index.readUInt32BE(at) + index.length, at);
  }
  return Buffer.concat([mp4.subarray(0, mdat), index, mp4.subarray(mdat, moov)]);
}
