import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { extract } from "#activities/clients/analyst/summary/extract.ts";
import { openSpeech, speechRate } from "#activities/clients/media/wav.ts";
import { openRecognizer } from "#activities/clients/speech/recognizer.ts";
import type { SpeechWeights } from "#activities/clients/speech/weights.ts";
import { alignUtterances } from "#domain/alignment.ts";
import { linkEvidence } from "#domain/evidence.ts";
import { planPieces } from "#domain/pieces.ts";
import type { Segment } from "#domain/transcript.ts";
import { decode, findSpeakers, findStretches } from "./listen.ts";

/** The script's only argument, in JSON. */
export interface PlainJob {
  file: string;
  outDir: string;
  weights: SpeechWeights;
}

// What somebody would write who needs the result once: one process, one step after the other, nothing stored between
// them, nothing told to anybody. The same engines and settings as Convene's, so the difference is what Convene adds.
const job = JSON.parse(process.argv[2] ?? "{}") as PlainJob;
const path = await decode(job.file, job.outDir);
const turns = await findSpeakers(path);
const pieces = planPieces(await findStretches(path), turns, { maxSeconds: 12 });

const recognizer = await openRecognizer(job.weights);
const speech = await openSpeech(path);
const segments: Segment[] = [];
for (const piece of pieces) {
  const stream = recognizer.createStream();
  stream.acceptWaveform({ sampleRate: speechRate, samples: await speech.read(piece.start, piece.end) });
  const { text } = await recognizer.decodeAsync(stream);
  for (const segment of alignUtterances([{ text, start: piece.start, end: piece.end }], turns, piece)) {
    const sequenceNumber = segments.length + 1;
    segments.push({ id: String(sequenceNumber), sequenceNumber, ...segment });
  }
}
const spokenOn = new Date().toISOString().slice(0, 10);
const request = { segments, spokenOn, language: "en", template: "general", instructions: "" };
const summary = linkEvidence(
  extract(request, () => {}),
  segments,
  "verbatim",
);
await writeFile(join(job.outDir, "result.json"), JSON.stringify({ segments, summary }));
process.send?.("done");
