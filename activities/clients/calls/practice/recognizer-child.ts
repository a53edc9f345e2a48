import { serveChild } from "../../child-serve.ts";
import { voiceActivityModel } from "../../speech/models.ts";
import { openRecognizer, recogniseSpeech } from "../../speech/recognizer.ts";
import type { Recognizer, Vad } from "../../speech/sherpa.ts";
import { createVad } from "../../speech/voice-activity.ts";
import type { SpeechWeights } from "../../speech/weights.ts";
import type { SpeechBoundary } from "./recognizer.ts";

/** One person's microphone. */
interface Stream {
  vad: Vad;
  rest: Float32Array;
  /** The last moments before a voice is noticed belong to its first word. */
  recent: Float32Array[];
  current: { segment: number; windows: Float32Array[] } | null;
  ended: Map<number, Float32Array>;
}

const windowSamples = 512;
const recentWindows = 16;
/** The recogniser is at its best below this; a voice that goes on is cut where it is lowest. */
const longestSeconds = 12;

let recognizer: Recognizer | null = null;
const streams = new Map<string, Stream>();
// A new detector would keep its memory, so those of people who have left serve the next.
const spare: Vad[] = [];
let lastSegment = 0;
let busy: Promise<unknown> = Promise.resolve();
let waiting = 0;

async function open(weights: SpeechWeights) {
  recognizer = await openRecognizer(weights);
}

async function hear({ stream: name, samples }: { stream: string; samples: Int16Array }): Promise<SpeechBoundary[]> {
  const stream = streams.get(name) ?? newStream(name);
  const input = new Float32Array(stream.rest.length + samples.length);
  input.set(stream.rest);
  for (const [index, sample] of samples.entries()) input[stream.rest.length + index] = sample / 32768;
  const news: SpeechBoundary[] = [];
  let from = 0;
  for (; from + windowSamples <= input.length; from += windowSamples) {
    news.push(...takeWindow(stream, input.slice(from, from + windowSamples)));
  }
  stream.rest = input.slice(from);
  return news;
}

function takeWindow(stream: Stream, window: Float32Array): SpeechBoundary[] {
  const news: SpeechBoundary[] = [];
  stream.vad.acceptWaveform(window);
  stream.recent.push(window);
  if (stream.recent.length > recentWindows) stream.recent.shift();
  if (stream.current !== null) stream.current.windows.push(window);
  else if (stream.vad.isDetected()) {
    lastSegment += 1;
    stream.current = { segment: lastSegment, windows: [...stream.recent] };
    news.push({ type: "started", segment: lastSegment });
  }
  news.push(...endings(stream));
  return news;
}

function endings(stream: Stream): SpeechBoundary[] {
  const news: SpeechBoundary[] = [];
  while (!stream.vad.isEmpty()) {
    const { samples } = stream.vad.front(false);
    stream.vad.pop();
    if (stream.current === null) {
      lastSegment += 1;
      news.push({ type: "started", segment: lastSegment });
    }
    const segment = stream.current?.segment ?? lastSegment;
    stream.current = null;
    stream.ended.set(segment, samples);
    news.push({ type: "ended", segment });
  }
  // What was too short to be speech ends without a word.
  if (stream.current !== null && !stream.vad.isDetected()) {
    news.push({ type: "ended", segment: stream.current.segment });
    stream.current = null;
  }
  return news;
}

/** The person was muted, or nothing comes any more: what was being said is over. */
async function flush({ stream: name }: { stream: string }): Promise<SpeechBoundary[]> {
  const stream = streams.get(name);
  if (stream === undefined) return [];
  stream.vad.flush();
  const news = endings(stream);
  stream.vad.reset();
  Object.assign(stream, { rest: new Float32Array(), recent: [], current: null });
  return news;
}

/** The words of a voice that goes on, to be asked for again; null where something else is being recognised. */
async function wordsSoFar({ stream: name, segment }: { stream: string; segment: number }): Promise<string | null> {
  const current = streams.get(name)?.current;
  if (current?.segment !== segment || waiting > 0) return null;
  return recogniseInTurn(joined(current.windows));
}

async function words({ stream: name, segment }: { stream: string; segment: number }): Promise<string> {
  const ended = streams.get(name)?.ended;
  const samples = ended?.get(segment);
  ended?.delete(segment);
  return samples === undefined ? "" : recogniseInTurn(samples);
}

function recogniseInTurn(samples: Float32Array): Promise<string> {
  waiting += 1;
  const text = busy.then(() => recognise(samples)).finally(() => (waiting -= 1));
  busy = text.catch(() => undefined);
  return text;
}

async function recognise(samples: Float32Array): Promise<string> {
  if (recognizer === null) throw new Error("The recogniser has not been opened");
  return recogniseSpeech(recognizer, samples);
}

async function close({ stream: name }: { stream: string }) {
  const stream = streams.get(name);
  if (stream === undefined) return;
  streams.delete(name);
  stream.vad.reset();
  spare.push(stream.vad);
}

function newStream(name: string): Stream {
  const vad =
    spare.pop() ?? createVad(voiceActivityModel, { minSilence: 0.5, minSpeech: 0.2, maxSpeech: longestSeconds });
  const stream: Stream = { vad, rest: new Float32Array(), recent: [], current: null, ended: new Map() };
  streams.set(name, stream);
  return stream;
}

function joined(windows: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(windows.length * windowSamples);
  for (const [index, window] of windows.entries()) all.set(window, index * windowSamples);
  return all;
}

serveChild({ open, hear, flush, wordsSoFar, words, close });
