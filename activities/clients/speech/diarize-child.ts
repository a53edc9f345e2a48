import type { Turn } from "#domain/transcript.ts";
import { yieldToEventLoop, serveChild } from "../child-serve.ts";
import { openSpeech, speechRate } from "../media/wav.ts";
import { normalise } from "./cluster.ts";
import type { ChannelJob, KeptVoice, TurnsJob, VoiceJob } from "./diarize.ts";
import { speakerModel, voiceActivityModel } from "./models.ts";
import { loadSherpa } from "./sherpa.ts";
import type { EmbeddingExtractor, Vad } from "./sherpa.ts";
import { findTurns } from "./speakers.ts";
import { createVad, findSpeech } from "./voice.ts";

const windowSeconds = 2;
const hopSeconds = 1;
// The extractor needs half a second; shorter speech is repeated to that length.
const leastSeconds = 0.5;
// 10 dB: speech that is this much louder on the other channel is the other speaker, heard through.
const standsOut = 3.16;

// What is loaded serves all recordings: a detector of its own for each would keep its memory.
let vad: Vad | undefined;
let extractor: EmbeddingExtractor | undefined;

const listener = () => (vad ??= createVad(voiceActivityModel, { minSilence: 0.15, minSpeech: 0.1, maxSpeech: 20 }));

async function voices({ speech: path, from, seconds, threads }: VoiceJob) {
  const speech = await openSpeech(path);
  extractor ??= new (loadSherpa().SpeakerEmbeddingExtractor)({
    model: speakerModel,
    numThreads: threads,
    provider: "cpu",
  });
  const model = extractor;
  const found: KeptVoice[] = [];
  try {
    const next = await findSpeech(listener(), speech, { from, seconds }, async (piece) => {
      for (const { start, end, samples } of windowsOf(piece)) {
        found.push({ start, end, voice: toBase64(embed(model, samples)) });
        await yieldToEventLoop();
      }
    });
    return { found, next };
  } finally {
    await speech.close();
  }
}

/** Speech that is a channel's own: not the other speaker, heard through. */
async function channel({ speech: path, from, seconds, channel: side }: ChannelJob) {
  const speech = await openSpeech(path);
  const found: { start: number; end: number }[] = [];
  try {
    const next = await findSpeech(listener(), speech, { from, seconds, channel: side }, async ({ start, samples }) => {
      const end = start + samples.length / speechRate;
      const other = await speech.read(start, end, 1 - side);
      if (loudness(other) < loudness(samples) * standsOut) found.push({ start, end });
    });
    return { found, next };
  } finally {
    await speech.close();
  }
}

async function turns({ voices: kept, speakers }: TurnsJob): Promise<Turn[]> {
  const windows = kept.map(({ start, end, voice }) => ({ start, end, embedding: fromBase64(voice) }));
  return findTurns(windows, speakers);
}

const toBase64 = (vector: Float32Array) =>
  Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString("base64");

// Copied, since a buffer's bytes need not lie where floats may.
const fromBase64 = (text: string) => new Float32Array(Uint8Array.from(Buffer.from(text, "base64")).buffer);

function* windowsOf({ start, samples }: { start: number; samples: Float32Array }) {
  const seconds = samples.length / speechRate;
  const last = Math.max(0, seconds - windowSeconds);
  for (let at = 0; at < last + hopSeconds; at += hopSeconds) {
    // The last window ends with the speech, unless it would nearly repeat the one before it.
    const from = Math.min(at, last);
    if (at > 0 && from - (at - hopSeconds) < 0.3) return;
    const part = samples.subarray(Math.round(from * speechRate), Math.round((from + windowSeconds) * speechRate));
    yield { start: start + from, end: start + from + part.length / speechRate, samples: part };
  }
}

function embed(extractor: EmbeddingExtractor, samples: Float32Array) {
  const stream = extractor.createStream();
  stream.acceptWaveform({ sampleRate: speechRate, samples: repeatTo(samples, leastSeconds * speechRate) });
  stream.inputFinished();
  return normalise(extractor.compute(stream, false));
}

function repeatTo(samples: Float32Array, length: number) {
  if (samples.length >= length || samples.length === 0) return samples;
  return Float32Array.from({ length }, (_, index) => samples[index % samples.length] as number);
}

function loudness(samples: Float32Array) {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / Math.max(1, samples.length));
}

serveChild({ voices, channel, turns });
