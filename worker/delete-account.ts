import type { Logger } from "pino";
import { timing } from "#domain/timing.ts";
import { carryOutDeletion } from "#records/accounts/carry-out-deletion.ts";
import type { PrismaClient } from "#records/db.ts";
import type { OutboxPayloads } from "#records/queues/outbox.ts";
import { NotYet } from "./outbox-dispatcher.ts";

interface Deps {
  prisma: PrismaClient;
  log: Logger;
}

/** Removes an account part by part, for as long as one delivery may take; what is left comes with the next. */
export async function deleteAccount({ prisma, log }: Deps, { userId }: OutboxPayloads["account.deleted"]) {
  const until = Date.now() + timing.deletion.turnMs;
  for (;;) {
    const progress = await carryOutDeletion(prisma, userId);
    if (progress === "done") return log.info({ userId }, "account deleted");
    if (progress === "waits") throw new NotYet("bots, uploads or tokens of it are still there", timing.deletion.lookMs);
    if (Date.now() >= until) throw new NotYet("there is more of it", 0);
  }
}
