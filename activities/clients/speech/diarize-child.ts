import type { Turn } from "#domain/transcript.ts";
import { breathe, serveChild } from "../child-serve.ts";
import { openSpeech, speechRate } from "../media/wav.ts";
import type { SpeechReader } from "../media/wav.ts";
import { normalise } from "./cluster.ts";
import type { DiarizeJob, FoundTurns } from "./diarize.ts";
import { speakerModel, voiceActivityModel } from "./models.ts";
import { loadSherpa } from "./sherpa.ts";
import type { EmbeddingExtractor, Vad } from "./sherpa.ts";
import { findTurns, joinTurns, numberByAppearance } from "./speakers.ts";
import type { VoiceWindow } from "./speakers.ts";
import { createVad, findSpeech } from "./voice.ts";

const windowSeconds = 2;
const hopSeconds = 1;
// The extractor needs half a second; shorter speech is repeated to that length.
const leastSeconds = 0.5;
// 10 dB: speech that is this much louder on the other channel is the other speaker, heard through.
const standsOut = 3.16;

async function diarize(job: DiarizeJob, report: (fraction: number) => void): Promise<FoundTurns> {
  const speech = await openSpeech(job.speech);
  const vad = createVad(voiceActivityModel, { minSilence: 0.15, minSpeech: 0.1, maxSpeech: 20 });
  if (speech.channels === 2 && (job.speakers ?? 2) === 2) {
    const turns = await byChannel(vad, speech);
    if (turns) return { turns, method: "channels" };
  }
  const extractor = new (loadSherpa().SpeakerEmbeddingExtractor)({
    model: speakerModel,
    numThreads: job.threads,
    provider: "cpu",
  });
  const windows: VoiceWindow[] = [];
  await findSpeech(vad, speech, {}, async (piece) => {
    for (const window of windowsOf(piece)) {
      windows.push({ start: window.start, end: window.end, embedding: embed(extractor, window.samples) });
      await breathe();
    }
    report(Math.min(0.99, piece.start / speech.seconds));
  });
  return { turns: findTurns(windows, job.speakers), method: "embedded" };
}

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

/** Turns of two speakers with a channel each; null when one of the channels has no speech of its own. */
async function byChannel(vad: Vad, speech: SpeechReader): Promise<Turn[] | null> {
  const turns: Turn[] = [];
  for (const channel of [0, 1]) {
    const own: Turn[] = [];
    await findSpeech(vad, speech, { channel }, async ({ start, samples }) => {
      const end = start + samples.length / speechRate;
      const other = await speech.read(start, end, 1 - channel);
      if (loudness(other) < loudness(samples) * standsOut) own.push({ speaker: channel, start, end });
    });
    if (own.reduce((sum, turn) => sum + turn.end - turn.start, 0) < 1) return null;
    turns.push(...joinTurns(own));
  }
  return numberByAppearance(turns);
}

function loudness(samples: Float32Array) {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / Math.max(1, samples.length));
}

serveChild({ diarize });
