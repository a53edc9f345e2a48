import { createReadStream, createWriteStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import NodeID3 from "node-id3";
import type { EpisodeChapter } from "#domain/channels/judgement/chapters.ts";
import type { Cover } from "./take-files.ts";

export interface EpisodeTags {
  title: string;
  /** The podcast's name. */
  album: string;
  publishedAt: Date | null;
  chapters: readonly EpisodeChapter[];
  cover: Cover | null;
}

/**
 * Writes an MP3 as listeners get it: the sound of `from` behind tags that say what it is. Tags that `from` has of its
 * own go: players read the first only, and some play a second one as noise.
 */
export async function writeEpisode(
  from: string,
  to: string,
  { title, album, publishedAt, chapters, cover }: EpisodeTags,
): Promise<void> {
  const tags = NodeID3.create({
    title,
    album,
    artist: album,
    ...(chapters.length === 0 ? {} : chapterFrames(chapters)),
    ...(cover === null ? {} : { image: pictureOf(cover) }),
    ...(publishedAt === null ? {} : { year: String(publishedAt.getUTCFullYear()), date: dayAndMonth(publishedAt) }),
  });
  const start = await tagLength(from);
  const out = createWriteStream(to);
  out.write(tags);
  await pipeline(createReadStream(from, { start }), out);
}

/** An APIC frame; 3 is the front cover. */
const pictureOf = ({ mediaType, bytes }: Cover) => ({
  mime: mediaType,
  type: { id: 3, name: "front cover" },
  description: "",
  imageBuffer: bytes,
});

/** CHAP for each, and a CTOC that says they are in order: players show none without it. */
function chapterFrames(chapters: readonly EpisodeChapter[]) {
  const chapter = chapters.map(({ title, startMs, endMs }, index) => ({
    elementID: `chapter${index}`,
    startTimeMs: startMs,
    endTimeMs: endMs,
    tags: { title },
  }));
  const elements = chapter.map(({ elementID }) => elementID);
  return { chapter, tableOfContents: [{ elementID: "chapters", isOrdered: true, elements }] };
}

/** TDAT of ID3v2.3: day and month in four digits. */
const dayAndMonth = (at: Date) =>
  `${String(at.getUTCDate()).padStart(2, "0")}${String(at.getUTCMonth() + 1).padStart(2, "0")}`;

/** Bytes of an ID3v2 tag at the file's begin: a header of ten bytes, in which four of seven bits say the rest's length. */
async function tagLength(path: string): Promise<number> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(10), 0, 10, 0);
    if (bytesRead < 10 || buffer.toString("latin1", 0, 3) !== "ID3") return 0;
    const size = buffer.subarray(6, 10).reduce((sum, byte) => sum * 128 + (byte & 0x7f), 0);
    return 10 + size;
  } finally {
    await file.close();
  }
}
