import type { WebDeps } from "../deps.ts";
import { createHub } from "./hub.ts";
import { createLongPoll } from "./long-poll.ts";
import { createLiveMetrics } from "./metrics.ts";
import { createRights } from "./rights.ts";

export type LiveFeed = ReturnType<typeof createLiveFeed>;

/** Times in milliseconds; the defaults are those of a real server. */
export interface LiveFeedOptions {
  pollMs?: number | undefined;
  lingerMs?: number | undefined;
  checkRightsMs?: number | undefined;
}

/** What all doors to the live feed share: what is new, and who may hear it. */
export function createLiveFeed(
  {
    env,
    log,
    prisma,
    auth,
    metrics: registry,
  }: Pick<WebDeps, "env" | "log" | "prisma" | "metrics"> & {
    auth: Pick<WebDeps["auth"], "credentialsStillValid">;
  },
  { pollMs, lingerMs, checkRightsMs }: LiveFeedOptions = {},
) {
  const metrics = createLiveMetrics(registry);
  const hub = createHub({ databaseUrl: env.DATABASE_URL, prisma, log, pollMs, lingerMs });
  const rights = createRights({ prisma, auth, hub, log, checkMs: checkRightsMs });
  const polls = createLongPoll({ prisma, hub, rights, metrics });
  return {
    hub,
    rights,
    metrics,
    poll: polls.poll,
    async close() {
      polls.close();
      rights.close();
      await hub.close();
    },
  };
}
