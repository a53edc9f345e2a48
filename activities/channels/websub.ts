import type { Logger } from "pino";
import { inParallel } from "#domain/in-parallel.ts";
import { isLoopbackName } from "#domain/public-url.ts";
import { beginAsking, dueSubscriptions, noteHub, noteHubProblem, secretForHub } from "#records/channels/websub.ts";
import type { Subscription } from "#records/channels/websub.ts";
import type { PrismaClient } from "#records/db.ts";
import type { Sealer } from "#records/seal.ts";
import { GuardedFetchError } from "../clients/guarded-fetch.ts";
import type { GuardedFetch } from "../clients/guarded-fetch.ts";

interface Deps {
  prisma: PrismaClient;
  sealer: Sealer;
  log: Logger;
  guardedFetch: GuardedFetch;
  /** Where hubs reach this server; without it none is asked. */
  publicUrl: string | undefined;
}

const deadlineMs = 10_000;
const [mostAtOnce, mostInPass] = [8, 40];
const wantedLeaseSeconds = 10 * 86_400;

/** Subscribes to feeds at the hubs they name (W3C WebSub). What a hub does wrong costs a channel nothing but its news. */
export function createHubs({ prisma, sealer, log, guardedFetch, publicUrl }: Deps) {
  async function ask(subscription: Subscription, signal: AbortSignal): Promise<void> {
    const { id, channelId, hubUrl, topic, token } = subscription;
    if (publicUrl === undefined || !(await beginAsking(prisma, subscription))) return;
    const form = new URLSearchParams({
      "hub.mode": channelId === null ? "unsubscribe" : "subscribe",
      "hub.topic": topic,
      "hub.callback": `${publicUrl.replace(/\/+$/, "")}/api/webhook/websub/${token}`,
      // Of hubs that are older than the recommendation.
      "hub.verify": "async",
      "hub.lease_seconds": String(wantedLeaseSeconds),
      "hub.secret": await secretForHub(prisma, sealer, subscription),
    });
    try {
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      const body = form.toString();
      const limits = { mostBytes: 10_000, deadlineMs, redirects: 0, signal, headers, body };
      await using response = await guardedFetch(hubUrl, limits);
      const { status } = response;
      if (status >= 200 && status <= 299) return;
      await noteHubProblem(prisma, id, `The hub answered ${status}.`);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof GuardedFetchError)) throw error;
      await noteHubProblem(prisma, id, `The hub could not be asked: ${error.reason}.`);
    }
    log.warn({ channelId, hub: new URL(hubUrl).host }, "hub of a channel does not take its subscription");
  }

  return {
    /** Keeps which hub a source names. One that cannot reach this server is not asked. */
    async note(channelId: string, source: { hubUrl: string | null; selfUrl: string | null; url: string }) {
      const { hubUrl, selfUrl, url } = source;
      const canReach = hubUrl !== null && publicUrl !== undefined && (isLocal(hubUrl) || !isLocal(publicUrl));
      await noteHub({ prisma, sealer }, channelId, canReach ? { hubUrl, topic: selfUrl ?? url } : null);
    },

    /** Asks the hubs whose time has come, of one channel or of all. */
    async askDue(signal: AbortSignal, channelId?: string): Promise<void> {
      const due = await dueSubscriptions(prisma, mostInPass, channelId);
      await inParallel(due, mostAtOnce, async (subscription) => {
        await ask(subscription, signal).catch((error: unknown) => {
          signal.throwIfAborted();
          log.warn({ err: error, channelId: subscription.channelId }, "hub could not be asked");
        });
      });
    },
  };
}

const isLocal = (address: string) => isLoopbackName(new URL(address).hostname);
