import type { Logger } from "pino";
import { chaptersOf, moveChapters } from "#domain/channels/judgement/chapters.ts";
import type { EpisodeChapter } from "#domain/channels/judgement/chapters.ts";
import type { EditPlan } from "#domain/channels/judgement/edit-plan.ts";
import type { SourceChapters } from "#domain/channels/source.ts";
import { sourceChaptersOf } from "#records/channels/videos.ts";
import { latestAnalysis } from "#records/conversations/analyses.ts";
import { segmentsOf } from "#records/conversations/segments.ts";
import type { PrismaClient } from "#records/db.ts";
import type { GuardedFetch } from "../clients/guarded-fetch.ts";
import { ChaptersUnread, fetchChapters } from "../clients/sources/fetch-chapters.ts";

interface Deps {
  prisma: PrismaClient;
  log: Logger;
  guardedFetch: GuardedFetch;
}

/** `note`: why they are not the source's own, where it names some; in words for people, empty where there is nothing to say. */
export interface MadeChapters {
  chapters: EpisodeChapter[];
  note: string;
}

/**
 * An episode's chapters: those that its source has, where they come to stand, else by what the summary quotes. A file of
 * chapters that cannot be had holds up no episode.
 */
export async function makeChapters(
  { prisma, log, guardedFetch }: Deps,
  { videoId, plan }: { videoId: string; plan: EditPlan },
  signal: AbortSignal,
): Promise<MadeChapters> {
  const found = await listOf(await sourceChaptersOf(prisma, videoId), { guardedFetch, signal });
  const own = moveChapters(found.list, plan);
  if (own.length > 0) return { chapters: own, note: "" };
  const analysis = await latestAnalysis(prisma, videoId);
  const chapters = chaptersOf(analysis?.summary.bullets ?? [], await segmentsOf(prisma, videoId), plan);
  const { unread } = found;
  if (unread === null) return { chapters, note: "" };
  const { code, host } = unread;
  log.warn({ videoId, code, host }, "[Chapters] the source's file of chapters gave none");
  const instead = chapters.length > 0 ? "the episode has some by its summary" : "the episode has none";
  return { chapters, note: `The source's own chapters are missing, since ${unread.message}; ${instead}.` };
}

async function listOf(
  source: SourceChapters | null,
  { guardedFetch, signal }: { guardedFetch: GuardedFetch; signal: AbortSignal },
): Promise<{ list: SourceChapters["list"]; unread: ChaptersUnread | null }> {
  const list = source?.list ?? [];
  const url = source?.url ?? null;
  if (list.length > 0 || url === null) return { list, unread: null };
  try {
    return { list: await fetchChapters(guardedFetch, url, signal), unread: null };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ChaptersUnread) return { list, unread: error };
    throw error;
  }
}
