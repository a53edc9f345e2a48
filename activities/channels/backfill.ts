import { ApplicationFailure } from "@temporalio/common";
import type { Logger } from "pino";
import { ChannelFilters, filterItem } from "#domain/channels/filters.ts";
import { sourceKindOf } from "#domain/channels/source.ts";
import type { SourceDescription } from "#domain/channels/source.ts";
import { backfillJobs } from "#records/channels/backfill-jobs.ts";
import { completeQueueing, findBackfill, keepPage, pageOf, undecidedVideos } from "#records/channels/backfills.ts";
import type { BackfillRow, SourcePage } from "#records/channels/backfills.ts";
import { isPermanent } from "#records/channels/problems.ts";
import { queueVideo, skipVideo } from "#records/channels/videos.ts";
import type { PrismaClient } from "#records/db.ts";
import { failure } from "../clients/child.ts";
import { SourceFailed } from "../clients/sources/source-failed.ts";
import type { Sources } from "../clients/sources/sources.ts";
import { createRunStage } from "../stage.ts";
import type { StageInput } from "../stage.ts";

interface Deps {
  prisma: PrismaClient;
  log: Logger;
  sources: Sources;
}

/** Jobs of one backfill at work at a time. */
const mostOpen = 10;
/** Videos that are read at a time. */
const batch = 50;
/** For the bar only: how many pages a source has is not known before the last. */
const manyPages = 20;

/** A backfill's steps. Each looks at the rows for where it stands, and may be repeated. */
export function createBackfillActivities({ prisma, log, sources }: Deps) {
  const runStage = createRunStage({ prisma, log });

  async function listPage(backfill: BackfillRow, signal: AbortSignal) {
    const { since, channel } = backfill;
    const { url, checkedAt } = channel;
    const kind = sourceKindOf(channel);
    const source = sources[kind];
    const page = pageOf(backfill);
    // Of files that people upload, nothing is listed.
    if (url === null) return nothing;
    try {
      // Until the first look at it, the address may be that of a page which names the feed.
      if (kind === "feed" && page === null && checkedAt === null) return withNext(await source.describe(url, signal));
      const listed = await source.list({ url: page ?? url, etag: null, lastModified: null, since }, signal);
      return listed.notModified ? nothing : withNext(listed.description);
    } catch (error) {
      throw error instanceof SourceFailed ? listingFailure(error) : error;
    }
  }

  return {
    /** Reads one page of what the source published, and keeps what lies within the date. */
    async listBackfillPage(input: StageInput): Promise<{ isLast: boolean }> {
      return runStage("listing", input, async ({ signal, progress }) => {
        const backfill = await existing(prisma, input.runId);
        if (backfill.totalFound !== null) return { isLast: true };
        const isLast = await keepPage(prisma, backfill, await listPage(backfill, signal));
        progress((backfill.nextPages.length + 1) / manyPages);
        return { isLast };
      });
    },

    /** Puts videos in line for as long as few of its jobs are at work. */
    async queueBackfill(input: StageInput): Promise<{ isLast: boolean }> {
      return runStage("queueing", input, async ({ signal, progress }) => {
        const backfill = await existing(prisma, input.runId);
        const { open, inLine } = await backfillJobs(prisma, backfill.runId);
        progress(inLine / Math.max(1, backfill.totalFound ?? 0));
        let room = Math.max(0, mostOpen - open);
        for (;;) {
          const videos = await undecidedVideos(prisma, backfill, batch);
          if (videos.length === 0) break;
          for (const video of videos) {
            signal.throwIfAborted();
            const reason = reasonAgainst(video, backfill);
            if (reason !== null) await skipVideo(prisma, video.id, reason, "discovered");
            else if (room === 0) return { isLast: false };
            else if (await queueVideo(prisma, backfill.channel, video.id, { backfillId: backfill.runId })) room -= 1;
          }
        }
        await completeQueueing(prisma, backfill);
        return { isLast: true };
      });
    },

    /** Whether a job that it put in line is still at work. */
    async followBackfill(input: StageInput): Promise<{ isLast: boolean }> {
      return runStage("following", input, async ({ progress }) => {
        const { open, inLine } = await backfillJobs(prisma, input.runId);
        progress(1 - open / Math.max(1, inLine));
        return { isLast: open === 0 };
      });
    },
  };
}

const nothing: SourcePage = { items: [], nextUrl: null, deleted: [] };
const withNext = ({ items, deleted, nextUrl = null }: SourceDescription): SourcePage => ({ items, deleted, nextUrl });

/** Why a channel's filters leave a video out; its age and place do not, since its date is what was asked for. */
function reasonAgainst(video: Parameters<typeof filterItem>[0], { channel }: BackfillRow): string | null {
  const filters = { ...ChannelFilters.parse(channel.filters), maxAgeDays: null, keepLast: null };
  const decision = filterItem(video, filters, { now: new Date(), newer: 0 });
  return decision.take ? null : decision.reason;
}

const listingFailure = ({ problem, message, retryAfterMs }: SourceFailed) =>
  failure(isPermanent(problem) ? "source_unreadable" : "source_away", message, retryAfterMs);

/** A run without its backfill has been deleted. */
async function existing(prisma: PrismaClient, runId: string): Promise<BackfillRow> {
  const backfill = await findBackfill(prisma, runId);
  if (backfill === null) throw ApplicationFailure.nonRetryable("The run was deleted or ended", "run_gone");
  return backfill;
}
