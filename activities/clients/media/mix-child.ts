import { FilterAPI } from "node-av/api";
import { AV_CHANNEL_LAYOUT_MONO, AV_CHANNEL_LAYOUT_STEREO, AV_LOG_QUIET, AV_SAMPLE_FMT_S16 } from "node-av/constants";
import { Frame, Log, Rational } from "node-av/lib";
import { partSources } from "#domain/channels/judgement/edit-plan.ts";
import { ChildFailure, serveChild } from "../child-serve.ts";
import { createCutter } from "./cutter.ts";
import { openMedia } from "./decode.ts";
import { createLoudnessMeter } from "./loudness.ts";
import type { Loudness } from "./loudness.ts";
import type { LevelJob, MixJob, MixResult } from "./mix.ts";
import { createRendition } from "./rendition.ts";
import { takeSamples } from "./samples.ts";
import { createSound } from "./sound.ts";

const wanted = { lufs: -16, truePeak: -1 };
const leeway = 0.7;
/** Encoding makes peaks a little higher than the limiter leaves them. */
const headroom = 0.8;
// What is all but silent is not made loud: that would be noise.
const mostGain = 30;
const mostTries = 3;
// Less than this is a click.
const leastMs = 100;

type Report = (fraction: number) => void;
interface Shape {
  rate: number;
  channels: 1 | 2;
}
interface Sound {
  shape: Shape;
  /** What intro and outro are made louder by, in dB. */
  jingleGain: number;
}
const limiter = (limit: number) => `alimiter=limit=${limit.toFixed(5)}:level=disabled:latency=1:attack=5:release=60`;

async function mix(job: MixJob, report: Report): Promise<MixResult> {
  const shape = await shapeOf(job);
  // Intro and outro are as loud as they should be: what the content lacks is not done to them.
  const measured = await measure(cutFrames(contentOf(job), { shape, jingleGain: 0 }, (done) => report(done * 0.3)));
  let settings = {
    gain: measured.lufs < -69 ? 0 : Math.min(mostGain, wanted.lufs - measured.lufs),
    peak: wanted.truePeak - headroom,
  };
  const sound = { shape, jingleGain: -settings.gain };
  for (let tries = 1; ; tries += 1) {
    const frames = await write(job, sound, settings, (done) => report(0.3 + done * 0.5));
    const loudness = await measure(decoded(job.output, job.maxDurationSeconds));
    const missing = wanted.lufs - loudness.lufs;
    const over = loudness.truePeak - wanted.truePeak;
    const isGood = over <= 0 && (Math.abs(missing) <= leeway || settings.gain === 0 || settings.gain === mostGain);
    if (isGood || tries === mostTries) return { durationMs: Math.round((frames / shape.rate) * 1000), loudness };
    // What the limiter took away of the loudness, and what the encoder added to the peaks.
    settings = {
      gain: settings.gain === 0 ? 0 : Math.min(mostGain, settings.gain + missing),
      peak: settings.peak - Math.max(0, over + 0.2 * Math.sign(Math.max(0, over))),
    };
  }
}

/** The job without what comes before and after the content. */
function contentOf(job: MixJob): MixJob {
  const [first, ...rest] = job.parts.filter(({ source }) => source === "content");
  const parts = first === undefined ? [] : [{ ...first, crossfadeMs: 0 }, ...rest];
  return { ...job, parts, sources: { content: job.sources.content } };
}

/** That of the content; whatever comes before or after it is made the same. */
async function shapeOf({ sources, maxDurationSeconds }: MixJob): Promise<Shape> {
  const media = await openMedia(sources.content ?? "");
  try {
    const { rate, channels } = createSound(media, [media.tracks[0]], maxDurationSeconds);
    return { rate, channels };
  } finally {
    await media.demuxer.close();
  }
}

/** The episode's sound before anything is done to its loudness as a whole. The caller frees each frame. */
async function* cutFrames(job: MixJob, { shape, jingleGain }: Sound, report: Report): AsyncGenerator<Frame> {
  const cutter = createCutter(job.parts, shape);
  const last = job.parts.at(-1);
  const total = last === undefined ? 1 : last.atMs + last.toMs - last.fromMs;
  let position = 0;
  const framesOf = function* (pieces: Iterable<Int16Array>) {
    for (const piece of pieces) {
      if (piece.length === 0) continue;
      yield toFrame(piece, position, shape);
      position += piece.length / shape.channels;
    }
    report(Math.min(1, (position / shape.rate) * (1000 / total)));
  };
  for (const source of partSources) {
    const path = job.sources[source];
    if (path === undefined) continue;
    const gain = source === "content" ? 0 : jingleGain;
    for await (const samples of samplesOf(path, { ...shape, gain }, job.maxDurationSeconds)) {
      yield* framesOf(cutter.add(source, samples));
    }
    yield* framesOf(cutter.end(source));
  }
}

async function* decoded(path: string, maxSeconds: number): AsyncGenerator<Frame> {
  const media = await openMedia(path);
  try {
    yield* createSound(media, [media.tracks[0]], maxSeconds).frames();
  } finally {
    await media.demuxer.close();
  }
}

async function* samplesOf(
  path: string,
  { rate, channels, gain }: Shape & { gain: number },
  maxSeconds: number,
): AsyncGenerator<Int16Array> {
  const layout = channels === 2 ? "stereo" : "mono";
  const louder = gain === 0 ? "" : `volume=${gain.toFixed(3)}dB:precision=float,${limiter(0.97)},`;
  const filter = FilterAPI.create(
    `aresample=${rate}:async=1:first_pts=0,${louder}aformat=sample_fmts=s16:channel_layouts=${layout}`,
  );
  try {
    for await (const frame of decoded(path, maxSeconds)) {
      for (const out of filter.processAllSync(frame)) yield takeSamples(out);
      frame.free();
    }
    for (const out of filter.flushFramesSync()) yield takeSamples(out);
  } finally {
    filter.close();
  }
}

async function measure(frames: AsyncGenerator<Frame>): Promise<Loudness> {
  const meter = createLoudnessMeter();
  for await (const frame of frames) {
    meter.add(frame);
    frame.free();
  }
  return meter.close();
}

async function write(
  job: MixJob,
  sound: Sound,
  { gain, peak }: { gain: number; peak: number },
  report: Report,
): Promise<number> {
  const filter = FilterAPI.create(`volume=${gain.toFixed(3)}dB:precision=float,${limiter(10 ** (peak / 20))}`);
  const rendition = await createRendition(job.output, sound.shape.rate, sound.shape.channels);
  let frames = 0;
  const take = (out: Frame) => {
    frames += out.nbSamples;
    rendition.write(out);
    out.free();
  };
  for await (const frame of cutFrames(job, sound, report)) {
    for (const out of filter.processAllSync(frame)) take(out);
    frame.free();
  }
  for (const out of filter.flushFramesSync()) take(out);
  filter.close();
  await rendition.close();
  return frames;
}

/** Brings one sound to the loudness of episodes, as an MP3 of just its length. */
async function level({ input, output, maxDurationSeconds }: LevelJob): Promise<MixResult> {
  const job = { sources: { content: input }, parts: [], output, maxDurationSeconds };
  const shape = await shapeOf(job);
  let frames = 0;
  for await (const samples of samplesOf(input, { ...shape, gain: 0 }, maxDurationSeconds)) {
    frames += samples.length / shape.channels;
  }
  const toMs = Math.floor((frames * 1000) / shape.rate);
  if (toMs < leastMs) throw new ChildFailure("damaged_media", `${toMs} ms of sound`);
  const parts = [{ source: "content" as const, fromMs: 0, toMs, atMs: 0, crossfadeMs: 0 }];
  return mix({ ...job, parts }, () => undefined);
}

function toFrame(samples: Int16Array, position: number, { rate, channels }: Shape): Frame {
  return Frame.fromAudioBuffer(Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength), {
    nbSamples: samples.length / channels,
    format: AV_SAMPLE_FMT_S16,
    sampleRate: rate,
    channelLayout: channels === 2 ? AV_CHANNEL_LAYOUT_STEREO : AV_CHANNEL_LAYOUT_MONO,
    pts: BigInt(position),
    timeBase: new Rational(1, rate),
  });
}

Log.setLevel(AV_LOG_QUIET);
let reportedAt = 0;
let furthest = 0;
serveChild({
  level: (job: LevelJob) => level(job),
  mix: (job: MixJob, report) =>
    mix(job, (fraction) => {
      // A second try at the loudness is no step back.
      furthest = Math.max(furthest, Math.min(0.99, fraction));
      const now = Date.now();
      if (now - reportedAt < 500) return;
      reportedAt = now;
      report(furthest);
    }),
});
