import type { SourceKind } from "#domain/channels/source.ts";
import type { Tx } from "../db.ts";
import { newId } from "../ids.ts";

/** Everything a person's action can cause, by kind, with what the dispatcher needs to do it. Ids only, no text. */
export type OutboxPayloads = {
  /** `lost`: the attempt was running already, but its workflow is gone from the Temporal server. */
  "run.start": { runId: string; attempt: number; lost?: boolean };
  "run.cancel": { runId: string };
  /** `at`: milliseconds since the epoch. `by`: who says they were the last to leave; left out, it is over for all. */
  "meeting.leave": { meetingId: string; at: number; by?: string };
  /** Somebody was let into a call whose start nobody has told of yet: is it so? `at`: when, in ms since the epoch. */
  "call.ask": { meetingId: string; at: number };
  /** Whoever is still in a call that is over is to be sent out by its provider. */
  "call.end": { meetingId: string };
  /** An agent that gave up is to try again. */
  "agent.again": { meetingId: string };
  /** The meeting's name or time was edited. */
  "meeting.edited": { meetingId: string; edit: string };
  "mail.reminder": { meetingId: string };
  "mail.invite": { inviteId: string };
  "mail.sign-up": { userId: string };
  /** A link to a new password; nothing where there is no such account. */
  "mail.password": { userId: string };
  /** `requestedAt`: milliseconds since the epoch; a sync that began later has done it. */
  "calendar.sync": { calendarId: string; requestedAt: number };
  /** `requestedAt`: milliseconds since the epoch; a check that began later has done it. */
  "channel.check": { channelId: string; requestedAt: number };
  /** A source that was closed for all is tried again: jobs that wait for it go on, in order. */
  "source.opened": { source: SourceKind };
  /** A job that a backfill put in line is over: there is room for another. */
  "backfill.changed": { backfillId: string };
  /** A held episode waits for a person, or does not any more. */
  "review.changed": { episodeId: string; revision: number };
  /** A calendar of it is gone that its provider still watches. */
  "calendar.unwatch": { accountId: string };
  /** Its tokens are to be revoked at the provider. */
  "calendar.account-closed": { accountId: string };
  /** A person hastened or stopped a bot's visit. */
  "recorder.changed": { recorderId: string };
  /** What a bot recorded is to be erased at its provider; `recorderId` may be gone. */
  "bot.erase": { recorderId: string; workspaceId: string; provider: string; botId: string };
  /** The bytes of this upload go, unless they are the channel's. */
  "channel-file.settle": { channelId: string; fileId: string };
  "channel.deleted": { channelId: string };
  "conversation.deleted": { conversationId: string; workflowIds: string[] };
  /** All of an account is to be removed, and then its row: in turns, numbered within what ordered it. */
  "account.deleted": { userId: string; occasion: string; turn: number };
};
export type OutboxKind = keyof OutboxPayloads;

export type OutboxMessage = {
  [Kind in OutboxKind]: { kind: Kind; payload: OutboxPayloads[Kind] };
}[OutboxKind];

export const outboxChannel = "outbox";

/**
 * Notes what must happen because of the change in this transaction. `dedupeKey` names the logical event ("start of
 * attempt 2 of run x"): noting it again changes nothing. Rows of one `partitionKey` are handed over in order, none before its `notBefore`.
 */
export async function enqueue(
  tx: Tx,
  message: OutboxMessage & { dedupeKey: string; partitionKey: string; notBefore?: Date },
): Promise<void> {
  await tx.outbox.createMany({
    data: {
      id: newId(),
      kind: message.kind,
      dedupeKey: message.dedupeKey,
      partitionKey: message.partitionKey,
      payload: message.payload,
      ...(message.notBefore === undefined ? {} : { nextAt: message.notBefore }),
    },
    skipDuplicates: true,
  });
  await tx.$queryRaw`SELECT pg_notify(${outboxChannel}, '')::text AS told`;
}

/** Drops what waits in a partition and was not handed over yet, such as the start of a run that is cancelled first. */
export async function dropWaiting(tx: Tx, partitionKey: string, kind: OutboxKind): Promise<number> {
  const { count } = await tx.outbox.updateMany({
    where: { partitionKey, kind, state: "new", leaseUntil: null },
    data: { state: "dropped", doneAt: new Date() },
  });
  return count;
}
