import { cancellationSignal } from "@temporalio/activity";
import { ApplicationFailure } from "@temporalio/common";
import type { Logger } from "pino";
import { ChannelFilters, filterItem } from "#domain/channels/filters.ts";
import { sourceKindOf } from "#domain/channels/source.ts";
import type { Channel, Video } from "#prisma/generated/client.ts";
import { beginCheck, completeCheck, dueChannels, failCheck } from "#records/channels/checks.ts";
import type { Check, SourceState } from "#records/channels/checks.ts";
import { takeOverWords } from "#records/channels/source-metadata.ts";
import { noteListedAgain, noteTakenBack } from "#records/channels/taken-back.ts";
import {
  newerThan,
  noteWaiting,
  queueVideo,
  skipVideo,
  unknownOf,
  upsertVideos,
  videosToStart,
} from "#records/channels/videos.ts";
import type { PrismaClient } from "#records/db.ts";
import type { Sealer } from "#records/seal.ts";
import { startHeartbeat } from "../heartbeat.ts";
import { readAllDue, waitAfterFailure } from "../read-due.ts";
import { SourceFailed } from "../clients/sources/source-failed.ts";
import type { GuardedFetch } from "../clients/guarded-fetch.ts";
import type { Sources } from "../clients/sources/sources.ts";
import type { Looking, Source } from "../clients/sources/types.ts";
import { askInTurn } from "./source-turn.ts";
import { createHubs } from "./websub.ts";

interface Deps {
  prisma: PrismaClient;
  log: Logger;
  sources: Sources;
  channelCheckMs: number;
  sealer: Sealer;
  guardedFetch: GuardedFetch;
  publicUrl: string | undefined;
}

/** Longer than reading a source may take; a worker that died gives its channels up after this. */
const leaseMs = 90_000;
const longestWaitMs = 8 * 60 * 60_000;

type Found = Extract<Awaited<ReturnType<Source["list"]>>, { notModified: false }> & { url: string };

/** Looks for what is new at channels' sources. Any number of workers may do so: a channel is leased for its check. */
export function createChannelCheckActivities({ prisma, log, sources, channelCheckMs, ...deps }: Deps) {
  const hubs = createHubs({ prisma, log, ...deps });

  async function check(channelId: string, signal: AbortSignal): Promise<"done" | "busy"> {
    const begun = await beginCheck(prisma, channelId, leaseMs);
    if (begun === "gone") return "done";
    if (begun === "busy") return "busy";
    try {
      await look(begun, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      await keepFailure(begun, error);
    }
    return "done";
  }

  // A check that is broken off here is made again from the start: it has not said yet what it read.
  async function look(begun: Check, signal: AbortSignal): Promise<void> {
    const { channel } = begun;
    const { id, url, etag, lastModified, checkedAt } = channel;
    const source = sources[sourceKindOf(channel)];
    if (url === null) return;
    const looking: Looking = {
      unknownOf: (externalIds) => unknownOf(prisma, id, externalIds),
      inTurn: (ask) => askInTurn({ prisma, source: source.kind }, signal, ask),
    };
    const found =
      checkedAt === null
        ? await firstSight(source, { url, looking }, signal)
        : { url, ...(await source.list({ url, etag, lastModified }, signal, looking)) };
    if (!found.notModified) await keep(channel, found.description);
    const filters = ChannelFilters.parse(channel.filters);
    await noteWaiting(prisma, channel);
    for (const video of await videosToStart(prisma, id)) await startOrSkip(channel, video, filters);
    await completeCheck(prisma, begun, found.notModified ? null : stateOf(channel, found), channelCheckMs);
    if (!found.notModified) await hubs.note(id, { ...found.description, url: found.url });
  }

  async function keep(channel: Channel, { items, deleted }: Found["description"]): Promise<void> {
    const listed = items.map(({ externalId }) => externalId);
    const isDeleted = new Set(deleted);
    await noteListedAgain(
      prisma,
      channel,
      listed.filter((id) => !isDeleted.has(id)),
    );
    await upsertVideos(prisma, channel.id, items);
    await prisma.$transaction((tx) => takeOverWords(tx, channel.id, listed));
    await noteTakenBack(prisma, channel, deleted);
  }

  // People paste the address of a page, too; from then on the feed is asked that it names.
  async function firstSight(source: Source, { url, looking }: { url: string; looking: Looking }, signal: AbortSignal) {
    const { url: at, ...description } = await source.describe(url, signal, looking);
    return { notModified: false as const, url: at, etag: null, lastModified: null, description };
  }

  async function startOrSkip(channel: Channel, video: Video, filters: ChannelFilters): Promise<void> {
    const newer = filters.keepLast === null ? 0 : await newerThan(prisma, channel.id, video.publishedAt);
    const decision = filterItem(video, filters, { now: new Date(), newer });
    if (decision.take) await queueVideo(prisma, channel, video.id);
    else await skipVideo(prisma, video.id, decision.reason);
  }

  async function keepFailure(begun: Check, error: unknown): Promise<void> {
    const { id, failures } = begun.channel;
    const problem = error instanceof SourceFailed ? error.problem : "internal";
    const askedMs = error instanceof SourceFailed ? (error.retryAfterMs ?? 0) : 0;
    const nextInMs = waitAfterFailure({ intervalMs: channelCheckMs, failures, longestMs: longestWaitMs, askedMs });
    log.warn({ err: error, channelId: id, problem, failures: failures + 1 }, "channel cannot be read");
    await failCheck(prisma, begun, problem, nextInMs);
  }

  const stateOf = (channel: Channel, { url, description: said, etag, lastModified }: Found): SourceState => {
    const { title, description, siteUrl, imageUrl, author: sourceAuthor, language: sourceLanguage } = said;
    const state = { url, title, description, siteUrl, imageUrl, sourceAuthor, sourceLanguage, etag, lastModified };
    // Of YouTube's ways to be listed only the first tells of the channel itself; what it said stands.
    const isPartial = channel.source === "youtube" && imageUrl === null;
    if (!isPartial) return state;
    const { description: known, imageUrl: shown, sourceLanguage: spoken } = channel;
    return { ...state, description: known, imageUrl: shown, sourceLanguage: spoken };
  };

  return {
    async checkChannel({ channelId }: { channelId: string }): Promise<void> {
      using _heartbeat = startHeartbeat();
      const outcome = await check(channelId, cancellationSignal());
      // What another worker does now began before this was asked for.
      if (outcome === "busy") throw ApplicationFailure.retryable("The channel is being checked just now", "busy");
      await hubs.askDue(cancellationSignal(), channelId);
    },

    /** Looks at every channel whose time has come, and renews what hubs were asked for. */
    async checkDueChannels(): Promise<void> {
      using _heartbeat = startHeartbeat();
      await readAllDue({
        due: (most) => dueChannels(prisma, most),
        read: check,
        onError: (error, channelId) => log.warn({ err: error, channelId }, "channel's check could not be kept"),
      });
      await hubs.askDue(cancellationSignal());
    },
  };
}
