import { resolve } from "node:path";
import { Decoder, Demuxer } from "node-av/api";
import { AV_DISPOSITION_ATTACHED_PIC, AVDISCARD_ALL, AVMEDIA_TYPE_AUDIO, AVMEDIA_TYPE_VIDEO } from "node-av/constants";
import { avGetCodecName } from "node-av/lib";
import type { Frame, Stream } from "node-av/lib";
import { yieldToEventLoop, ChildFailure } from "../child-serve.ts";
import { claimedEnd } from "./declared-length.ts";
import { identify } from "./container.ts";

export interface OpenMedia {
  demuxer: Demuxer;
  /** The sound tracks, at least one. */
  tracks: [Stream, ...Stream[]];
  /** What the container's clock shows at the beginning, in seconds: a recording of a broadcast has run for hours. */
  startSeconds: number;
  /** Short name of the container, such as `m4a`. */
  container: string;
  codec: string;
  hasVideo: boolean;
  /** When it was made, by the container: the tags that may tell, as they stand. */
  tags: Record<string, string>;
  /** What the container says of its length, in seconds; 0 when it says nothing. It may lie. */
  claimedSeconds: number;
  /** Where its header says that the sound ends, in seconds from the beginning; null where it only lets one guess. */
  claimedEnd: number | null;
}

/** Opens an untrusted file by what its bytes are. Fails with `empty_file`, `not_audio` or `damaged_media`. */
export async function openMedia(path: string): Promise<OpenMedia> {
  const { bytes, kind, demuxers } = await identify(path);
  if (bytes === 0) throw new ChildFailure("empty_file", "0 bytes");
  if (demuxers === null) throw new ChildFailure("not_audio", `a file of type ${kind}`);
  const demuxer = await openDemuxer(path, demuxers).catch((error: Error) => {
    throw new ChildFailure(kind === null ? "not_audio" : "damaged_media", error.message);
  });
  const [first, ...more] = demuxer.streams.filter((each) => each.codecpar.codecType === AVMEDIA_TYPE_AUDIO);
  if (!first) {
    await demuxer.close();
    throw new ChildFailure("not_audio", `no sound track in a file of type ${kind ?? demuxer.formatName}`);
  }
  const tracks: OpenMedia["tracks"] = [first, ...more];
  for (const other of demuxer.streams) if (!tracks.includes(other)) other.discard = AVDISCARD_ALL;
  const container = kind ?? demuxer.formatName;
  const claimedSeconds = Number.isFinite(demuxer.duration) ? Math.max(0, demuxer.duration) : 0;
  const startSeconds = Math.max(0, Number(demuxer.getFormatContext().startTime) / 1e6);
  return {
    demuxer,
    tracks,
    startSeconds,
    container,
    codec: avGetCodecName(first.codecpar.codecId) ?? "unknown",
    tags: timesIn(demuxer, tracks),
    hasVideo: demuxer.streams.some(isMovingPicture),
    claimedSeconds,
    claimedEnd: await claimedEnd(path, { container, tracks, startSeconds, claimedSeconds }),
  };
}

export interface TrackFrame {
  /** Place in the list of tracks. */
  track: number;
  frame: Frame;
}

/**
 * Decodes some tracks frame by frame, as they come; a broken frame is left out and the next one is tried. The caller
 * frees each frame.
 */
export async function* decodeFrames(demuxer: Demuxer, tracks: readonly Stream[]): AsyncGenerator<TrackFrame> {
  const decoders = new Map<number, { track: number; decoder: Decoder }>();
  try {
    for (const [track, stream] of tracks.entries()) {
      const decoder = await Decoder.create(stream, { exitOnError: false, threadCount: 1 }).catch((error: Error) => {
        // A track in an unknown encoding is no reason to give up the others.
        if (tracks.length > 1) return null;
        throw new ChildFailure("damaged_media", error.message);
      });
      if (decoder) decoders.set(stream.index, { track, decoder });
    }
    let packets = 0;
    for (const packet of demuxer.packetsSync()) {
      if (packet === null) {
        for (const { track, decoder } of decoders.values()) {
          // The end of the file gives back what the decoders still hold.
          for (const frame of decoder.flushFramesSync()) yield { track, frame };
        }
        return;
      }
      const reader = decoders.get(packet.streamIndex);
      if (reader) for (const frame of decodeOne(reader.decoder, packet)) yield { track: reader.track, frame };
      packet.free();
      packets += 1;
      if (packets % 64 === 0) await yieldToEventLoop();
    }
  } finally {
    for (const { decoder } of decoders.values()) decoder.close();
  }
}

function* decodeOne(decoder: Decoder, packet: Parameters<Decoder["decodeSync"]>[0]) {
  try {
    yield* decoder.decodeAllSync(packet);
  } catch {
    // One packet that cannot be decoded is a click in the recording, not its end.
  }
}

function openDemuxer(path: string, demuxers: string) {
  const options = {
    protocol_whitelist: "file",
    format_whitelist: demuxers,
    // Finding the streams of a hostile file must not mean reading all of it.
    probesize: "5000000",
    analyzeduration: "10000000",
    max_streams: "64",
  };
  return Demuxer.open(resolve(path), { options });
}

const timeTags = ["com.apple.quicktime.creationdate", "creation_time", "date"];

/** Tags of the whole go before those of a track. */
function timesIn(demuxer: Demuxer, tracks: readonly Stream[]) {
  const all = { ...tracks[0]?.metadata?.getAll(), ...demuxer.getFormatContext().metadata?.getAll() };
  return Object.fromEntries(timeTags.flatMap((name) => (all[name] ? [[name, all[name].slice(0, 40)]] : [])));
}

function isMovingPicture(stream: Stream) {
  return stream.codecpar.codecType === AVMEDIA_TYPE_VIDEO && (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) === 0;
}
