import type { Stretch } from "#domain/pieces.ts";
import { serveChild } from "../child-serve.ts";
import { openSpeech } from "../media/wav.ts";
import type { SpeechReader } from "../media/wav.ts";
import type { EmbeddedOpen } from "./embedded.ts";
import { voiceActivityModel } from "./models.ts";
import { openRecognizer, recogniseSpeech } from "./recognizer.ts";
import type { Recognizer } from "./sherpa.ts";
import { createVad, describeStretch, findSpeech } from "./voice.ts";

// Of some short clips Moonshine makes nothing at all, and of the same words cut a little wider, or tighter, what was
// said. Of 136 short clips of people and a synthesiser 17 came back empty; cut again like this, none did.
const cutsAgain = [0.15, 0.25, -0.1, -0.05, 0.6];
const mostAgainSeconds = 3;

let opened: { speech: SpeechReader; recognizer: Recognizer } | null = null;

async function open({ speech, weights, threads }: EmbeddedOpen) {
  const recognizer = await openRecognizer({ weights, threads });
  opened = { speech: await openSpeech(speech), recognizer };
}

async function stretches(path: string, report: (fraction: number) => void): Promise<Stretch[]> {
  const speech = await openSpeech(path);
  // "Yes." lasts a tenth of a second by this detector, and a quarter of all short answers less than a quarter.
  const vad = createVad(voiceActivityModel, { minSilence: 0.25, minSpeech: 0.1, maxSpeech: 15 });
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
  const heard = await recogniseSpeech(recognizer, await speech.read(start, end));
  if (heard !== "" || end - start > mostAgainSeconds) return heard;
  for (const more of cutsAgain) {
    const again = await recogniseSpeech(recognizer, await speech.read(start - more, end + more));
    if (again !== "") return again;
  }
  return "";
}

function requireOpened() {
  if (!opened) throw new Error("The recogniser has not been opened");
  return opened;
}

serveChild({ open, stretches, recognise });
