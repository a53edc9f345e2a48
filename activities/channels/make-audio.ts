import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Logger } from "pino";
import { planEdit, silencesIn } from "#domain/channels/judgement/edit-plan.ts";
import type { Stretch } from "#domain/channels/judgement/edit-plan.ts";
import type { StoredMix } from "#records/channels/decisions.ts";
import type { PrismaClient } from "#records/db.ts";
import { episodeAudioKey } from "#records/media/media-store.ts";
import type { MediaStore } from "#records/media/media-store.ts";
import { failure } from "../clients/child.ts";
import type { GuardedFetch } from "../clients/guarded-fetch.ts";
import { mixEpisode } from "../clients/media/mix.ts";
import { peaksIn } from "../clients/media/peaks.ts";
import { findRecording } from "../media.ts";
import type { MediaLimits } from "../media.ts";
import { makeChapters } from "./make-chapters.ts";
import { writeEpisode } from "./episode-audio.ts";
import type { EpisodeTags } from "./episode-audio.ts";
import { takeChannelFiles } from "./take-files.ts";

interface Deps {
  prisma: PrismaClient;
  log: Logger;
  guardedFetch: GuardedFetch;
  media: MediaStore;
  scratchDir: string;
  mediaLimits: MediaLimits;
}

interface Order {
  channelId: string;
  videoId: string;
  revision: number;
  /** What of the file listeners get. */
  content: Stretch;
  tags: Omit<EpisodeTags, "chapters" | "cover">;
}

/** Less than this is no episode: then the whole file is. */
const leastMs = 1_000;

/** What was made, and what a reader must know of it. */
interface Made {
  mix: StoredMix;
  notes: string[];
}

/**
 * Cuts a video's sound by what was judged of it, puts its channel's intro and outro around it, and puts it into the store
 * as an MP3 with tags and chapters.
 */
export async function makeAudio(
  deps: Deps,
  { channelId, videoId, revision, content, tags }: Order,
  { signal, progress }: { signal: AbortSignal; progress(fraction: number): void },
): Promise<Made> {
  const { prisma, media, scratchDir, mediaLimits } = deps;
  const { renditionKey, peaksKey, durationMs } = await findRecording(prisma, videoId);
  if (renditionKey === null || peaksKey === null || durationMs === null) throw failure("media_missing");
  const silences = silencesIn(peaksIn(await text(await media.read(peaksKey))));
  const isWhole = content.toMs - content.fromMs < leastMs;
  await mkdir(scratchDir, { recursive: true });
  const folder = await mkdtemp(join(scratchDir, "episode-"));
  try {
    const { intro, outro, cover, notes } = await takeChannelFiles({ prisma, media }, { channelId, folder });
    const plan = planEdit({
      content: isWhole ? { fromMs: 0, toMs: durationMs } : content,
      silences,
      introMs: intro?.durationMs,
      outroMs: outro?.durationMs,
    });
    const { chapters, note: chaptersNote } = await makeChapters(deps, { videoId, plan }, signal);
    await using rendition = await media.localFile(renditionKey);
    const [mixed, path] = [join(folder, "mixed.mp3"), join(folder, "episode.mp3")];
    const made = await mixEpisode({
      ...mediaLimits,
      sources: { intro: intro?.path, content: rendition.path, outro: outro?.path },
      parts: plan.parts,
      output: mixed,
      signal,
      onProgress: progress,
    });
    await writeEpisode(mixed, path, { ...tags, chapters, cover });
    await media.putFile(episodeAudioKey(videoId, revision), path);
    return {
      mix: { durationMs: made.durationMs, ...made.loudness, parts: plan.parts, chapters, chaptersNote },
      notes: chaptersNote === "" ? notes : [...notes, chaptersNote],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
