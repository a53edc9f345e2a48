import { FilterAPI } from "node-av/api";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openMedia } from "#activities/clients/media/decode.ts";
import { createRendition } from "#activities/clients/media/rendition.ts";
import { createSound } from "#activities/clients/media/sound.ts";
import { createSpeechSink } from "#activities/clients/media/speech-sink.ts";
import { openSpeech, speechRate } from "#activities/clients/media/wav.ts";
import { normalise } from "#activities/clients/speech/speaker-clustering.ts";
import { speakerModel, voiceActivityModel } from "#activities/clients/speech/models.ts";
import { loadSherpa } from "#activities/clients/speech/sherpa.ts";
import { findTurns } from "#activities/clients/speech/speakers.ts";
import type { VoiceWindow } from "#activities/clients/speech/speakers.ts";
import { createVad, describeStretch, findSpeech } from "#activities/clients/speech/voice-activity.ts";
import type { Stretch } from "#domain/pieces.ts";
import type { Turn } from "#domain/transcript.ts";

/** Decodes a mono recording into speech track, rendition and peaks; gives the speech track's path. */
export async function decode(file: string, outDir: string): Promise<string> {
  await mkdir(outDir, { recursive: true });
  const media = await openMedia(file);
  const sound = createSound(media, [media.tracks[0]], Number.MAX_SAFE_INTEGER);
  const resample = FilterAPI.create(
    `aresample=${speechRate}:async=1:first_pts=0,aformat=sample_fmts=s16:channel_layouts=mono`,
  );
  const path = join(outDir, "speech.wav");
  const speech = await createSpeechSink(path, 1);
  const rendition = await createRendition(join(outDir, "rendition.mp3"), sound.rate, 1);
  const store = async (frames: ReturnType<typeof resample.processAllSync>) => {
    for (const out of frames) {
      const samples = new Int16Array(out.nbSamples);
      const bytes = out.data?.[0];
      if (bytes) new Uint8Array(samples.buffer).set(bytes.subarray(0, samples.byteLength));
      await speech.write(samples);
      out.free();
    }
  };
  for await (const frame of sound.frames()) {
    const copy = frame.clone();
    await store(resample.processAllSync(frame));
    if (copy) rendition.write(copy);
    frame.free();
    copy?.free();
  }
  await store([...resample.flushFramesSync()]);
  await rendition.close();
  const { peaks } = await speech.close();
  await media.demuxer.close();
  await writeFile(join(outDir, "peaks.json"), JSON.stringify(peaks));
  return path;
}

/** Who speaks when: two-second windows each second, embedded and clustered. */
export async function findSpeakers(path: string): Promise<Turn[]> {
  const speech = await openSpeech(path);
  const vad = createVad(voiceActivityModel, { minSilence: 0.15, minSpeech: 0.1, maxSpeech: 20 });
  const extractor = new (loadSherpa().SpeakerEmbeddingExtractor)({
    model: speakerModel,
    numThreads: 1,
    provider: "cpu",
  });
  const windows: VoiceWindow[] = [];
  await findSpeech(vad, speech, {}, ({ start, samples }) => {
    const last = Math.max(0, samples.length / speechRate - 2);
    for (let at = 0; at < last + 1; at += 1) {
      const from = Math.min(at, last);
      if (at > 0 && from - (at - 1) < 0.3) break;
      const part = samples.subarray(Math.round(from * speechRate), Math.round((from + 2) * speechRate));
      const stream = extractor.createStream();
      stream.acceptWaveform({ sampleRate: speechRate, samples: atLeastHalfASecond(part) });
      stream.inputFinished();
      const end = start + from + part.length / speechRate;
      windows.push({ start: start + from, end, embedding: normalise(extractor.compute(stream, false)) });
    }
  });
  await speech.close();
  return findTurns(windows);
}

/** Where somebody speaks. */
export async function findStretches(path: string): Promise<Stretch[]> {
  const speech = await openSpeech(path);
  const vad = createVad(voiceActivityModel, { minSilence: 0.25, minSpeech: 0.25, maxSpeech: 15 });
  const found: Stretch[] = [];
  await findSpeech(vad, speech, {}, (piece) => void found.push(describeStretch(piece)));
  await speech.close();
  return found;
}

function atLeastHalfASecond(samples: Float32Array): Float32Array {
  const length = Math.max(samples.length, speechRate / 2);
  return samples.length >= length ? samples : Float32Array.from({ length }, (_, i) => samples[i % samples.length] ?? 0);
}
