import { crc32 } from "node:zlib";

/** Whether a picture is there to its end: an upload or a copy that broke off leaves a header with half of what it tells of. */
export const isWholePicture = (bytes: Buffer, mediaType: "image/jpeg" | "image/png"): boolean =>
  mediaType === "image/png" ? isWholePng(bytes) : isWholeJpeg(bytes);

const pngHeader = 8;
/** Length, name and checksum. */
const chunkFrame = 12;

/** Its chunks follow each other, each with the checksum that it says, up to the one that ends it. */
function isWholePng(bytes: Buffer): boolean {
  let hasPixels = false;
  for (let at = pngHeader; at + chunkFrame <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const end = at + chunkFrame + length;
    if (end > bytes.length) return false;
    const name = bytes.toString("latin1", at + 4, at + 8);
    if (crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4)) return false;
    if (name === "IEND") return hasPixels;
    hasPixels ||= name === "IDAT";
    at = end;
  }
  return false;
}

const marker = { start: 0xd8, end: 0xd9, scan: 0xda };
const isRestart = (code: number) => code >= 0xd0 && code <= 0xd7;

/** Its segments follow each other, each as long as it says, and after the last scan comes the mark of its end. */
function isWholeJpeg(bytes: Buffer): boolean {
  let hasPixels = false;
  for (let at = 2; at + 1 < bytes.length;) {
    if (bytes[at] !== 0xff) return false;
    const code = bytes[at + 1] ?? 0;
    // Filling between segments.
    if (code === 0xff) {
      at += 1;
      continue;
    }
    if (code === marker.end) return hasPixels;
    if (code === marker.start || isRestart(code) || at + 4 > bytes.length) return false;
    at += 2 + bytes.readUInt16BE(at + 2);
    if (code !== marker.scan) continue;
    hasPixels = true;
    at = endOfScan(bytes, at);
  }
  return false;
}

/** Where the next marker is: in a scan's own bytes 255 is followed by 0, or by a restart. */
function endOfScan(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    const code = bytes[at + 1];
    if (code !== undefined && code !== 0 && code !== 0xff && !isRestart(code)) return at;
  }
  return bytes.length;
}
