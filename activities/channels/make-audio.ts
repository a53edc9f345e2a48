import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { chaptersOf } from "#domain/channels/judgement/chapters.ts";
import type { EpisodeChapter } from "#domain/channels/judgement/chapters.ts";
import { planEdit, silencesIn } from "#domain/channels/judgement/edit-plan.ts";
import type { EditPart, Stretch } from "#domain/channels/judgement/edit-plan.ts";
import type { MixedSound } from "#records/channels/decisions.ts";
import { latestAnalysis } from "#records/conversations/analyses.ts";
import { segmentsOf } from "#records/conversations/segments.ts";
import type { PrismaClient } from "#records/db.ts";
import { episodeAudioKey } from "#records/media/media-store.ts";
import type { MediaStore } from "#records/media/media-store.ts";
import { failure } from "../clients/child.ts";
import { mixEpisode } from "../clients/media/mix.ts";
import { peaksIn } from "../clients/media/peaks.ts";
import { findRecording } from "../media.ts";
import type { MediaLimits } from "../media.ts";
import { writeEpisode } from "./episode-audio.ts";
import type { EpisodeTags } from "./episode-audio.ts";

interface Deps {
  prisma: PrismaClient;
  media: MediaStore;
  scratchDir: string;
  mediaLimits: MediaLimits;
}

interface Order {
  videoId: string;
  revision: number;
  /** What of the file listeners get. */
  content: Stretch;
  tags: Omit<EpisodeTags, "chapters">;
}

/** Less than this is no episode: then the whole file is. */
const leastMs = 1_000;

/** Cuts a video's sound by what was judged of it, and puts it into the store as an MP3 with tags and chapters. */
export async function makeAudio(
  { prisma, media, scratchDir, mediaLimits }: Deps,
  { videoId, revision, content, tags }: Order,
  { signal, progress }: { signal: AbortSignal; progress(fraction: number): void },
): Promise<MixedSound & { parts: EditPart[]; chapters: EpisodeChapter[] }> {
  const { renditionKey, peaksKey, durationMs } = await findRecording(prisma, videoId);
  if (renditionKey === null || peaksKey === null || durationMs === null) throw failure("media_missing");
  const silences = silencesIn(peaksIn(await text(await media.read(peaksKey))));
  const isWhole = content.toMs - content.fromMs < leastMs;
  const plan = planEdit({ content: isWhole ? { fromMs: 0, toMs: durationMs } : content, silences });
  const analysis = await latestAnalysis(prisma, videoId);
  const chapters = chaptersOf(analysis?.summary.bullets ?? [], await segmentsOf(prisma, videoId), plan);
  await mkdir(scratchDir, { recursive: true });
  const folder = await mkdtemp(join(scratchDir, "episode-"));
  try {
    await using rendition = await media.localFile(renditionKey);
    const [mixed, path] = [join(folder, "mixed.mp3"), join(folder, "episode.mp3")];
    const made = await mixEpisode({
      ...mediaLimits,
      sources: { content: rendition.path },
      parts: plan.parts,
      output: mixed,
      signal,
      onProgress: progress,
    });
    await writeEpisode(mixed, path, { ...tags, chapters });
    await media.putFile(episodeAudioKey(videoId, revision), path);
    return { durationMs: made.durationMs, ...made.loudness, parts: plan.parts, chapters };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
