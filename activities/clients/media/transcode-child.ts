import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FilterAPI } from "node-av/api";
import { AV_LOG_QUIET } from "node-av/constants";
import { Log } from "node-av/lib";
import type { Stream } from "node-av/lib";
import { endMayBeMissing } from "#domain/run-warnings.ts";
import { ChildFailure, serveChild } from "../child-serve.ts";
import { openMedia } from "./decode.ts";
import type { OpenMedia } from "./decode.ts";
import { refuseTooLong } from "./length.ts";
import { createRendition } from "./rendition.ts";
import { takeSamples } from "./samples.ts";
import { createSound } from "./sound.ts";
import { createSpeechSink } from "./speech-sink.ts";
import { noteOnTracks, tracksToTry } from "./tracks.ts";
import type { TranscodeJob, TranscodeResult } from "./transcode.ts";
import { speechRate } from "./wav.ts";

// Less than this is a click, not a recording.
const leastSeconds = 0.1;

async function transcode(job: TranscodeJob, report: (fraction: number) => void): Promise<TranscodeResult> {
  const lastPacketSeconds = await refuseTooLong(job.input, job.maxDurationSeconds);
  await mkdir(job.outDir, { recursive: true });
  for (let choice = 0; ; choice += 1) {
    const media = await openMedia(job.input);
    try {
      const choices = tracksToTry(media);
      const tracks = choices[choice] ?? media.tracks;
      const { peaks, speechChannels, sound, paths } = await write(job, media, tracks, report);
      const isSilent = peaks.values.every((value) => value === 0);
      if (isSilent && choice + 1 < choices.length) continue;
      await writeFile(paths.peaks, JSON.stringify(peaks));
      const note = noteOnTracks(media, tracks, sound.heard() ?? (isSilent ? [] : [0]));
      const read = { decodedSeconds: sound.decodedSeconds(), end: Math.max(sound.endSeconds(), lastPacketSeconds) };
      return {
        facts: {
          container: media.container,
          codec: media.codec,
          durationMs: Math.round(peaks.durationSeconds * 1000),
          channels: media.tracks[0].codecpar.channels,
          sampleRate: media.tracks[0].codecpar.sampleRate,
          hasVideo: media.hasVideo,
        },
        ...paths,
        renditionType: "audio/mpeg",
        speechChannels,
        tags: media.tags,
        warnings: [...endWarning(media, read), ...(note === null ? [] : [note])],
      };
    } finally {
      await media.demuxer.close();
    }
  }
}

async function write(job: TranscodeJob, media: OpenMedia, tracks: Stream[], report: (fraction: number) => void) {
  const paths = {
    speech: join(job.outDir, "speech.wav"),
    rendition: join(job.outDir, "rendition.mp3"),
    peaks: join(job.outDir, "peaks.json"),
  };
  const sound = createSound(media, tracks, job.maxDurationSeconds);
  const layout = sound.channels === 2 ? "stereo" : "mono";
  // What a clock that drifts leaves out becomes silence, so that times in the speech file are times of the recording.
  const resample = FilterAPI.create(
    `aresample=${speechRate}:async=1:first_pts=0,aformat=sample_fmts=s16:channel_layouts=${layout}`,
  );
  const speech = await createSpeechSink(paths.speech, sound.channels);
  const rendition = await createRendition(paths.rendition, sound.rate, sound.channels);
  for await (const frame of sound.frames()) {
    if (speech.seconds() > job.maxDurationSeconds) {
      throw new ChildFailure("too_long", `more than ${job.maxDurationSeconds} s`);
    }
    const copy = frame.clone();
    for (const out of resample.processAllSync(frame)) await speech.write(takeSamples(out));
    if (copy) rendition.write(copy);
    frame.free();
    copy?.free();
    if (media.claimedSeconds > 0) report(Math.min(0.99, sound.endSeconds() / media.claimedSeconds));
  }
  if (sound.decodedSeconds() < leastSeconds) throw new ChildFailure("damaged_media", "no sound could be decoded");
  for (const out of resample.flushFramesSync()) await speech.write(takeSamples(out));
  await rendition.close();
  return { ...(await speech.close()), sound, paths };
}

function endWarning({ claimedEnd }: OpenMedia, read: { decodedSeconds: number; end: number }) {
  const missing = (claimedEnd ?? 0) - read.end;
  if (claimedEnd === null || missing < 1 || missing < claimedEnd * 0.02) return [];
  return [
    `The file says it is ${Math.round(claimedEnd)} s long, but only ${Math.round(read.decodedSeconds)} s could be read. ${endMayBeMissing}`,
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
