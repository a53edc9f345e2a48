import { resolve } from "node:path";
import { Decoder, Demuxer } from "node-av/api";
import { AV_DISPOSITION_ATTACHED_PIC, AVDISCARD_ALL, AVMEDIA_TYPE_AUDIO, AVMEDIA_TYPE_VIDEO } from "node-av/constants";
import { avGetCodecName } from "node-av/lib";
import type { Frame, Stream } from "node-av/lib";
import { breathe, ChildFailure } from "../child-serve.ts";
import { identify } from "./container.ts";

export interface OpenMedia {
  demuxer: Demuxer;
  stream: Stream;
  /** Short name of the container, such as `m4a`. */
  container: string;
  codec: string;
  hasVideo: boolean;
  /** What the container says of its length, in seconds; 0 when it says nothing. It may lie. */
  claimedSeconds: number;
}

/** Opens an untrusted file by what its bytes are. Fails with `empty_file`, `not_audio` or `damaged_media`. */
export async function openMedia(path: string): Promise<OpenMedia> {
  const { bytes, kind, demuxers } = await identify(path);
  if (bytes === 0) throw new ChildFailure("empty_file", "0 bytes");
  if (demuxers === null) throw new ChildFailure("not_audio", `a file of type ${kind}`);
  const demuxer = await openDemuxer(path, demuxers).catch((error: Error) => {
    throw new ChildFailure(kind === null ? "not_audio" : "damaged_media", error.message);
  });
  const stream = demuxer.streams.find((each) => each.codecpar.codecType === AVMEDIA_TYPE_AUDIO);
  if (!stream) {
    await demuxer.close();
    throw new ChildFailure("not_audio", "no sound track");
  }
  for (const other of demuxer.streams) if (other !== stream) other.discard = AVDISCARD_ALL;
  return {
    demuxer,
    stream,
    container: kind ?? demuxer.formatName,
    codec: avGetCodecName(stream.codecpar.codecId) ?? "unknown",
    hasVideo: demuxer.streams.some(isMovingPicture),
    claimedSeconds: Number.isFinite(demuxer.duration) ? Math.max(0, demuxer.duration) : 0,
  };
}

/** Decodes frame by frame; a broken frame is left out and the next one is tried. The caller frees each frame. */
export async function* decodeFrames({ demuxer, stream }: OpenMedia): AsyncGenerator<Frame> {
  const decoder = await Decoder.create(stream, { exitOnError: false, threadCount: 1 }).catch((error: Error) => {
    throw new ChildFailure("damaged_media", error.message);
  });
  let packets = 0;
  try {
    for (const packet of demuxer.packetsSync(stream.index)) {
      for (const frame of decodeOne(decoder, packet)) yield frame;
      packet?.free();
      if (packet === null) return;
      packets += 1;
      if (packets % 64 === 0) await breathe();
    }
  } finally {
    decoder.close();
  }
}

function* decodeOne(decoder: Decoder, packet: Parameters<Decoder["decodeSync"]>[0]) {
  // The end of the stream gives back what the decoder still holds.
  if (packet === null) return yield* decoder.flushFramesSync();
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

function isMovingPicture(stream: Stream) {
  return stream.codecpar.codecType === AVMEDIA_TYPE_VIDEO && (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) === 0;
}
