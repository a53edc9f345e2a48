import type { Stretch } from "#domain/pieces.ts";
import { serveChild } from "../child-serve.ts";
import { openSpeech } from "../media/wav.ts";
import type { SpeechReader } from "../media/wav.ts";
import type { EmbeddedOpen } from "./embedded.ts";
import { voiceActivityModel } from "./models.ts";
import { openRecognizer, recogniseSpeech } from "./recognizer.ts";
import type { Recognizer } from "./sherpa.ts";
import { createVad, describeStretch, findSpeech } from "./voice.ts";

let opened: { speech: SpeechReader; recognizer: Recognizer } | null = null;

async function open({ speech, weights, threads }: EmbeddedOpen) {
  const recognizer = await openRecognizer({ weights, threads });
  opened = { speech: await openSpeech(speech), recognizer };
}

async function stretches(path: string, report: (fraction: number) => void): Promise<Stretch[]> {
  const speech = await openSpeech(path);
  const vad = createVad(voiceActivityModel, { minSilence: 0.25, minSpeech: 0.25, maxSpeech: 15 });
  const found: Stretch[] = [];
  for await (const piece of findSpeech(vad, speech)) {
    found.push(describeStretch(piece));
    report(piece.start / speech.seconds);
  }
  await speech.close();
  return found;
}

async function recognise({ start, end }: { start: number; end: number }): Promise<string> {
  const { speech, recognizer } = requireOpened();
  return recogniseSpeech(recognizer, await speech.read(start, end));
}

function requireOpened() {
  if (!opened) throw new Error("The recogniser has not been opened");
  return opened;
}

serveChild({ open, stretches, recognise });
