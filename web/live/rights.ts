import type { Logger } from "pino";
import { userTopic } from "#domain/live.ts";
import type { PrismaClient } from "#records/db.ts";
import { rightfulWatches, watchKey } from "#records/live/watch-rights.ts";
import type { Auth } from "../auth/auth.ts";
import type { LiveGrant } from "../auth/live-token.ts";
import type { Hub } from "./hub.ts";

/** A connection as far as rights go. */
export interface Watcher {
  grant: Pick<LiveGrant, "userId" | "credential">;
  topics: () => Iterable<string>;
  /** The session or key has ended: the person must sign in again. */
  signedOut: () => void;
  /** The topic is not the person's to watch any more. */
  lost: (topic: string) => void;
}

export type Rights = ReturnType<typeof createRights>;

/** Well under five seconds, so that with the query itself nobody hears anything five seconds after. */
export const checkRightsEveryMs = 3_000;

interface RightsOptions {
  prisma: PrismaClient;
  auth: Pick<Auth, "credentialsStillValid">;
  hub: Hub;
  log: Logger;
  /** Not given: `checkRightsEveryMs`. */
  checkMs?: number;
}

/**
 * Asks again and again whether every connection may still hear what it hears: all of them in two queries, and at once
 * for a person whose access was changed.
 */
export function createRights({ prisma, auth, hub, log, checkMs = checkRightsEveryMs }: RightsOptions) {
  const watchersOf = new Map<string, Set<Watcher>>();
  const stopHearing = new Map<string, () => void>();
  let checking = false;

  const timer = setInterval(() => {
    if (checking) return;
    checking = true;
    void check([...watchersOf.values()].flatMap((watchers) => [...watchers])).finally(() => (checking = false));
  }, checkMs);

  async function check(watchers: Watcher[]) {
    if (watchers.length === 0) return;
    try {
      const asked = watchers.map((watcher) => ({ watcher, topics: [...watcher.topics()] }));
      const grants = new Map(watchers.map(({ grant }) => [credentialKey(grant), grant]));
      const watches = new Map(
        asked.flatMap(({ watcher, topics }) =>
          topics.map((topic) => ({ userId: watcher.grant.userId, topic })).map((watch) => [watchKey(watch), watch]),
        ),
      );
      const [isValid, rightful] = await Promise.all([
        auth.credentialsStillValid([...grants.values()]),
        rightfulWatches(prisma, [...watches.values()]),
      ]);
      const valid = new Set([...grants.keys()].filter((_, index) => isValid[index]));
      for (const { watcher, topics } of asked) {
        const { userId } = watcher.grant;
        if (!valid.has(credentialKey(watcher.grant))) watcher.signedOut();
        else
          topics.filter((topic) => !rightful.has(watchKey({ userId, topic }))).forEach((topic) => watcher.lost(topic));
      }
    } catch (error) {
      log.error({ err: error }, "could not check the rights of live connections");
    }
  }

  /** Starts looking after a connection; gives back how to stop. */
  function add(watcher: Watcher): () => void {
    const { userId } = watcher.grant;
    const watchers = watchersOf.get(userId) ?? new Set();
    watchersOf.set(userId, watchers.add(watcher));
    if (!stopHearing.has(userId)) stopHearing.set(userId, hearOfChanges(userId));
    return () => {
      if (!watchers.delete(watcher) || watchers.size > 0) return;
      watchersOf.delete(userId);
      stopHearing.get(userId)?.();
      stopHearing.delete(userId);
    };
  }

  function hearOfChanges(userId: string): () => void {
    return hub.subscribe({
      topic: userTopic(userId),
      after: "now",
      deliver: (events) => {
        if (events.some(({ type }) => type === "access.changed" || type === "access.ended"))
          void check([...(watchersOf.get(userId) ?? [])]);
      },
      gone: () => {
        if (watchersOf.has(userId)) stopHearing.set(userId, hearOfChanges(userId));
      },
    });
  }

  return {
    add,
    close() {
      clearInterval(timer);
      for (const stop of stopHearing.values()) stop();
      stopHearing.clear();
      watchersOf.clear();
    },
  };
}

const credentialKey = ({ userId, credential }: Watcher["grant"]) => `${userId} ${credential.via} ${credential.id}`;
