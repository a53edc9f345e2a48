import type { Stretch } from "#domain/pieces.ts";
import { serveChild } from "../child-serve.ts";
import { openSpeech } from "../media/wav.ts";
import type { SpeechReader } from "../media/wav.ts";
import type { EmbeddedOpen } from "./embedded.ts";
import { voiceActivityModel } from "./models.ts";
import { openRecognizer, recogniseSpeech } from "./recognizer.ts";
import type { Recognizer, Vad } from "./sherpa.ts";
import type { FoundStretches, StretchJob } from "./stretches.ts";
import { createVad, describeStretch, findSpeech } from "./voice-activity.ts";

// Of some short clips Moonshine makes nothing at all, and of the same words cut a little wider, or tighter, what was
// said. Of 136 short clips of people and a synthesiser 17 came back empty; cut again like this, none did.
const cutsAgain = [0.15, 0.25, -0.1, -0.05, 0.6];
const mostAgainSeconds = 3;

// The recogniser outlasts the recording that it was loaded for, and one detector serves the whole process.
let recognizer: Recognizer | undefined;
let vad: Vad | undefined;
let opened: SpeechReader | undefined;

async function open({ speech, weights }: EmbeddedOpen) {
  await shut();
  recognizer ??= await openRecognizer(weights);
  opened = await openSpeech(speech);
}

async function shut() {
  await opened?.close();
  opened = undefined;
}

async function stretches({ speech: path, from, seconds }: StretchJob): Promise<FoundStretches> {
  const speech = await openSpeech(path);
  // "Yes." lasts a tenth of a second by this detector, and a quarter of all short answers less than a quarter.
  vad ??= createVad(voiceActivityModel, { minSilence: 0.25, minSpeech: 0.1, maxSpeech: 15 });
  const found: Stretch[] = [];
  try {
    const next = await findSpeech(vad, speech, { from, seconds }, (heard) => void found.push(describeStretch(heard)));
    return { stretches: found, next };
  } finally {
    await speech.close();
  }
}

async function recognise({ start, end }: { start: number; end: number }): Promise<string> {
  if (!opened || !recognizer) throw new Error("The recogniser has not been opened");
  const speech = opened;
  const heard = await recogniseSpeech(recognizer, await speech.read(start, end));
  if (heard !== "" || end - start > mostAgainSeconds) return heard;
  for (const more of cutsAgain) {
    const again = await recogniseSpeech(recognizer, await speech.read(start - more, end + more));
    if (again !== "") return again;
  }
  return "";
}

/** The same piece as it is and cut a little tighter: whoever knows the language hears the same words. */
async function hearings({ start, end }: { start: number; end: number }): Promise<string[]> {
  if (!opened || !recognizer) throw new Error("The recogniser has not been opened");
  const tighter = await opened.read(start + 0.08, end - 0.05);
  return [await recogniseSpeech(recognizer, await opened.read(start, end)), await recogniseSpeech(recognizer, tighter)];
}

serveChild({ open, shut, stretches, recognise, hearings });
