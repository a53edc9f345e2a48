import { open, stat } from "node:fs/promises";
import { fileTypeFromFile } from "file-type";

/**
 * Demuxers that may read a file, by what its first bytes say it is. What is not listed is never opened: no playlists,
 * no `concat`, no SDP, nothing that could make the decoder read a second file or open a socket.
 */
const demuxersByKind: Record<string, string> = {
  aac: "aac,mp3",
  ac3: "ac3",
  aif: "aiff",
  amr: "amr",
  ape: "ape",
  asf: "asf",
  au: "au",
  avi: "avi",
  caf: "caf",
  flac: "flac",
  flv: "flv",
  mp1: "mp3",
  mp2: "mp3",
  mp3: "mp3,aac,flac",
  mpg: "mpeg",
  mts: "mpegts",
  w64: "w64",
  wav: "wav",
  wv: "wv",
  ...Object.fromEntries(["ogg", "oga", "ogv", "ogx", "opus", "spx"].map((kind) => [kind, "ogg"])),
  ...Object.fromEntries(["mkv", "webm"].map((kind) => [kind, "matroska"])),
  ...Object.fromEntries(
    ["mp4", "m4a", "m4b", "m4p", "m4v", "f4a", "f4b", "f4v", "f4p", "mov", "3gp", "3g2"].map((kind) => [kind, "mov"]),
  ),
};

// MP3 files of old recorders start with padding or foreign tags, which no signature knows: only probing tells.
const unsigned = "mp3,aac";

// What editors and field recorders write of long sound, by first bytes that `file-type` does not know.
const moreSignatures: readonly [kind: string, signature: string][] = [
  ["wav", "RF64"],
  ["wav", "BW64"],
  ["w64", "riff\x2e\x91\xcf\x11"],
  ["au", ".snd"],
];

export interface Container {
  bytes: number;
  /** Short name of the kind (`mp3`, `m4a`, `webm`, …); null where the first bytes are of no known kind. */
  kind: string | null;
  /** FFmpeg demuxers allowed, comma separated; null when the file is surely something else (an image, a document). */
  demuxers: string | null;
}

/** Looks at the bytes, never at the name. */
export async function identify(path: string): Promise<Container> {
  const { size: bytes } = await stat(path);
  if (bytes === 0) return { bytes, kind: null, demuxers: unsigned };
  const kind = (await fileTypeFromFile(path))?.ext ?? (await readSignature(path));
  return { bytes, kind, demuxers: kind === null ? unsigned : (demuxersByKind[kind] ?? null) };
}

async function readSignature(path: string) {
  await using file = await open(path, "r");
  const first = Buffer.alloc(16);
  await file.read(first, 0, first.length, 0);
  const text = first.toString("latin1");
  return moreSignatures.find(([, signature]) => text.startsWith(signature))?.[0] ?? null;
}
