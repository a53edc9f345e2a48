import { linesOf } from "./source.ts";
import type { ExportLine, Spoken } from "./source.ts";

/** Two lines of a screen. */
const cueLength = 84;

/** SubRip. It has no way to escape, so what its players take for markup is spelt with look-alikes. */
export const renderSrt = (source: Spoken): string =>
  cuesOf(source)
    .map(({ speaker, text, startMs, endMs }, index) => {
      const words = `${speaker}: ${text}`
        .replaceAll("-->", "→")
        .replace(/<(?=[a-z/!])/gi, "‹")
        .replace(/\{(?=\\)/g, "{ ");
      return `${index + 1}\n${timeOf(startMs, ",")} --> ${timeOf(endMs, ",")}\n${words}\n`;
    })
    .join("\n");

/** WebVTT, with speakers as voices. */
export const renderVtt = (source: Spoken): string =>
  [
    "WEBVTT\n",
    ...cuesOf(source).map(
      ({ speaker, text, startMs, endMs }) =>
        `${timeOf(startMs, ".")} --> ${timeOf(endMs, ".")}\n<v ${escape(speaker)}>${escape(text)}\n`,
    ),
  ].join("\n");

const escape = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

interface Cue {
  speaker: string;
  text: string;
  startMs: number;
  endMs: number;
}

/** Segments cut to what fits on a screen; each piece gets its share of the segment's time. In order of time. */
const cuesOf = (source: Spoken): Cue[] =>
  // People talk at the same time, so pieces of two segments may alternate.
  linesOf(source)
    .flatMap(cutToCues)
    .toSorted((a, b) => a.startMs - b.startMs);

function cutToCues({ speaker, text, start, end }: ExportLine): Cue[] {
  const pieces = piecesOf(text);
  const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
  let done = 0;
  const nowMs = () => Math.max(0, Math.round((start + ((end - start) * done) / total) * 1000));
  return pieces.map((piece) => {
    const startMs = nowMs();
    done += piece.length;
    // A cue without length is no cue.
    return { speaker, text: piece, startMs, endMs: Math.max(nowMs(), startMs + 1) };
  });
}

function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  let piece = "";
  for (const word of text.split(" ")) {
    if (piece && piece.length + 1 + word.length > cueLength) {
      pieces.push(piece);
      piece = word;
    } else piece = piece ? `${piece} ${word}` : word;
  }
  return piece ? [...pieces, piece] : pieces;
}

function timeOf(ms: number, point: "," | "."): string {
  const digits = (value: number, count: number) => String(value).padStart(count, "0");
  const hms = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, Math.floor(ms / 1000) % 60];
  return `${hms.map((value) => digits(value, 2)).join(":")}${point}${digits(ms % 1000, 3)}`;
}
