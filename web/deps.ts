import type { Logger } from "pino";
import type { Pool } from "pg";
import type { Registry } from "prom-client";
import type { Accounts } from "#activities/clients/accounts/accounts.ts";
import type { MediaStore } from "#records/media/media-store.ts";
import type { PrismaClient } from "#records/db.ts";
import type { Sealer } from "#records/seal.ts";
import type { Auth } from "./auth/auth.ts";
import type { WebEnv } from "./env.ts";
import type { LiveFeed } from "./live/live-feed.ts";

/** What the web process is made of. Built once in `server.ts`; everything else is handed what it needs. */
export interface WebDeps {
  env: WebEnv;
  log: Logger;
  prisma: PrismaClient;
  pool: Pool;
  media: MediaStore;
  auth: Auth;
  sealer: Sealer;
  accounts: Accounts;
  live: Pick<LiveFeed, "poll">;
  /** Where this server's metrics are registered; not prom-client's global one, so that servers can share a process. */
  metrics: Registry;
}
