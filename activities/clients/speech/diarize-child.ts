import type { Turn } from "#domain/transcript.ts";
import { serveChild } from "../child-serve.ts";
import { openSpeech, speechRate } from "../media/wav.ts";
import type { ChannelJob, KeptVoice, TurnsJob, VoiceJob } from "./diarize.ts";
import { voiceActivityModel } from "./models.ts";
import type { Vad } from "./sherpa.ts";
import { findTurns } from "./speakers.ts";
import { startVoiceThreads } from "./speaker-embedding-threads.ts";
import { createVad, findSpeech } from "./voice-activity.ts";

const windowSeconds = 2;
const hopSeconds = 1;
// 10 dB: speech that is this much louder on the other channel is the other speaker, heard through.
const standsOut = 3.16;

// What is loaded serves all recordings: a detector of its own for each would keep its memory.
let vad: Vad | undefined;
let voiceThreads: ReturnType<typeof startVoiceThreads> | undefined;

const listener = () => (vad ??= createVad(voiceActivityModel, { minSilence: 0.15, minSpeech: 0.1, maxSpeech: 20 }));

async function voices({ speech: path, from, seconds, threads }: VoiceJob) {
  const speech = await openSpeech(path);
  voiceThreads ??= startVoiceThreads(threads);
  const { voiceOf } = voiceThreads;
  const found: Promise<KeptVoice>[] = [];
  try {
    const next = await findSpeech(listener(), speech, { from, seconds }, (piece) => {
      for (const { start, end, samples } of windowsOf(piece))
        found.push(voiceOf(samples).then((voice) => ({ start, end, voice: toBase64(voice) })));
    });
    return { found: await Promise.all(found), next };
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
    const part = samples.slice(Math.round(from * speechRate), Math.round((from + windowSeconds) * speechRate));
    yield { start: start + from, end: start + from + part.length / speechRate, samples: part };
  }
}

function loudness(samples: Float32Array) {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / Math.max(1, samples.length));
}

serveChild({ voices, channel, turns });
