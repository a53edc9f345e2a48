import type { Client } from "@temporalio/client";
import { pino } from "pino";
import type { Database } from "#prisma/client.ts";
import type { MediaStore } from "#records/media/media-store.ts";
import type { TaskQueues } from "#workflows/messages.ts";
import { createDeliver } from "#worker/deliver.ts";
import { createMails } from "#worker/mail.ts";
import type { Deliver } from "#worker/outbox-dispatcher.ts";

interface Given {
  db: Pick<Database, "prisma" | "pool">;
  client: Client;
  media: MediaStore;
  queues: TaskQueues;
}

const log = pino({ level: "silent" });

/** What a worker hands orders over with that has neither bots, calls, calendars' providers nor mail. */
export const testDeliver = ({ db: { prisma, pool }, client, media, queues }: Given): Deliver =>
  createDeliver({
    prisma,
    pool,
    client,
    media,
    log,
    indexed: true,
    queues,
    bots: { chosen: null, all: [] },
    calls: {},
    accounts: { revoke: async () => {}, stopOrphans: async () => {} },
    mails: createMails({ prisma, log, smtpUrl: undefined, from: "", publicUrl: undefined }),
  });
