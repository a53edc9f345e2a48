import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FilterAPI } from "node-av/api";
import { AV_LOG_QUIET } from "node-av/constants";
import { Log } from "node-av/lib";
import type { Frame } from "node-av/lib";
import { ChildFailure, serveChild } from "../child-serve.ts";
import { decodeFrames, openMedia } from "./decode.ts";
import type { OpenMedia } from "./decode.ts";
import { refuseTooLong } from "./length.ts";
import { createRendition } from "./rendition.ts";
import { createSpeechSink } from "./speech-sink.ts";
import type { TranscodeJob, TranscodeResult } from "./transcode.ts";
import { speechRate } from "./wav.ts";

// Less than this is a click, not a recording.
const leastSeconds = 0.1;

async function transcode(job: TranscodeJob, report: (fraction: number) => void): Promise<TranscodeResult> {
  await refuseTooLong(job.input, job.maxDurationSeconds);
  const media = await openMedia(job.input);
  await mkdir(job.outDir, { recursive: true });
  const paths = {
    speech: join(job.outDir, "speech.wav"),
    rendition: join(job.outDir, "rendition.mp3"),
    peaks: join(job.outDir, "peaks.json"),
  };
  const { channels: sourceChannels, sampleRate } = media.stream.codecpar;
  const channels = sourceChannels === 2 ? 2 : 1;
  const layout = channels === 2 ? "stereo" : "mono";
  // Gaps in the timestamps become silence, so that times in the speech file are times of the recording.
  const resample = FilterAPI.create(
    `aresample=${speechRate}:async=1:first_pts=0,aformat=sample_fmts=s16:channel_layouts=${layout}`,
  );
  const speech = await createSpeechSink(paths.speech, channels);
  const rendition = await createRendition(paths.rendition, media.stream, channels);

  let decodedSeconds = 0;
  for await (const frame of decodeFrames(media)) {
    decodedSeconds += frame.nbSamples / Math.max(1, frame.sampleRate);
    if (Math.max(decodedSeconds, speech.seconds()) > job.maxDurationSeconds) {
      throw new ChildFailure("too_long", `more than ${job.maxDurationSeconds} s`);
    }
    const copy = frame.clone();
    for (const out of resample.processAllSync(frame)) await speech.write(takeSamples(out));
    if (copy) rendition.write(copy);
    frame.free();
    copy?.free();
    if (media.claimedSeconds > 0) report(Math.min(0.99, decodedSeconds / media.claimedSeconds));
  }
  if (decodedSeconds < leastSeconds) throw new ChildFailure("damaged_media", "no sound could be decoded");
  for (const out of resample.flushFramesSync()) await speech.write(takeSamples(out));
  await rendition.close();
  const { speechChannels, peaks } = await speech.close();
  await media.demuxer.close();
  await writeFile(paths.peaks, JSON.stringify(peaks));
  return {
    facts: {
      container: media.container,
      codec: media.codec,
      durationMs: Math.round(peaks.durationSeconds * 1000),
      channels: sourceChannels,
      sampleRate,
      hasVideo: media.hasVideo,
    },
    ...paths,
    renditionType: "audio/mpeg",
    speechChannels,
    warnings: warningsFor(media, decodedSeconds),
  };
}

function takeSamples(frame: Frame): Int16Array {
  const bytes = frame.data?.[0];
  const samples = new Int16Array(frame.nbSamples * frame.channels);
  if (bytes) new Uint8Array(samples.buffer).set(bytes.subarray(0, samples.byteLength));
  frame.free();
  return samples;
}

function warningsFor(media: OpenMedia, decodedSeconds: number) {
  const missing = media.claimedSeconds - decodedSeconds;
  if (missing < 1 || missing < media.claimedSeconds * 0.02) return [];
  return [
    `The file says it is ${Math.round(media.claimedSeconds)} s long, but only ${Math.round(decodedSeconds)} s could be read. Its end may be missing.`,
  ];
}

Log.setLevel(AV_LOG_QUIET);
let reportedAt = 0;
serveChild({
  transcode: (job: TranscodeJob, report) =>
    transcode(job, (fraction) => {
      const now = Date.now();
      if (now - reportedAt < 500) return;
      reportedAt = now;
      report(fraction);
    }),
});
