import { chaptersOf, moveChapters } from "#domain/channels/judgement/chapters.ts";
import type { EpisodeChapter } from "#domain/channels/judgement/chapters.ts";
import type { EditPlan } from "#domain/channels/judgement/edit-plan.ts";
import type { SourceChapters } from "#domain/channels/source.ts";
import { sourceChaptersOf } from "#records/channels/videos.ts";
import { latestAnalysis } from "#records/conversations/analyses.ts";
import { segmentsOf } from "#records/conversations/segments.ts";
import type { PrismaClient } from "#records/db.ts";
import type { GuardedFetch } from "../clients/guarded-fetch.ts";
import { fetchChapters } from "../clients/sources/fetch-chapters.ts";

interface Deps {
  prisma: PrismaClient;
  guardedFetch: GuardedFetch;
}

/**
 * An episode's chapters: those that its source has, where they come to stand, else by what the summary quotes. A file of
 * chapters that cannot be had holds up no episode; `notes` say so.
 */
export async function makeChapters(
  { prisma, guardedFetch }: Deps,
  { videoId, plan }: { videoId: string; plan: EditPlan },
  signal: AbortSignal,
): Promise<{ chapters: EpisodeChapter[]; notes: string[] }> {
  const notes: string[] = [];
  const list = await listOf(await sourceChaptersOf(prisma, videoId), { guardedFetch, signal }).catch(() => {
    signal.throwIfAborted();
    notes.push("The source's own chapters could not be read, so this has those of its summary.");
    return [];
  });
  const own = moveChapters(list, plan);
  if (own.length > 0) return { chapters: own, notes };
  const analysis = await latestAnalysis(prisma, videoId);
  return { chapters: chaptersOf(analysis?.summary.bullets ?? [], await segmentsOf(prisma, videoId), plan), notes };
}

async function listOf(
  source: SourceChapters | null,
  { guardedFetch, signal }: { guardedFetch: GuardedFetch; signal: AbortSignal },
): Promise<SourceChapters["list"]> {
  if (source === null) return [];
  if (source.list.length > 0 || source.url === null) return source.list;
  return fetchChapters(guardedFetch, source.url, signal);
}
