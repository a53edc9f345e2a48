import { conversationPath } from "#domain/ids.ts";
import type { BotNoticeDetails } from "#domain/calendar/notice.ts";
import { userTopic } from "#domain/live.ts";
import type { RunEvent } from "#domain/run.ts";
import type { Tx } from "../db.ts";
import type { Announcement } from "./feed.ts";
import { newId } from "../ids.ts";

export interface FinishedRun {
  id: string;
  kind: string;
  attempt: number;
  title: string;
  ownerId: string | null;
  conversationId: string | null;
  channelId: string | null;
  backfillId: string | null;
  conversation: { kind: string } | null;
}

/**
 * Keeps a notice for the owner when a run ends, one per attempt and outcome however often the end is reported, and
 * gives back what to tell their open pages.
 */
export async function notifyOfRun(tx: Tx, run: FinishedRun, event: RunEvent): Promise<Announcement[]> {
  const { ownerId, title, conversation, conversationId } = run;
  if (ownerId === null || (event.type !== "completed" && event.type !== "failed")) return [];
  const notice: Notice = {
    userId: ownerId,
    dedupeKey: `run:${run.id}:${run.attempt}:${event.type}`,
    type: `run.${event.type}`,
    title: `“${title}” ${outcomeOf(event)}`,
    body: event.type === "failed" ? event.error.message : "",
    link: conversation === null || conversationId === null ? null : conversationPath(conversation.kind, conversationId),
  };
  return notify(tx, notice, conversationId);
}

function outcomeOf(event: Extract<RunEvent, { type: "completed" | "failed" }>): string {
  if (event.type === "completed") return "is ready";
  return event.error.code === "not_heard" ? "was not heard" : "failed";
}

/** One notice to a person. `dedupeKey` names the logical event: the same one again is no news. */
export interface Notice {
  userId: string;
  dedupeKey: string;
  type: string;
  title: string;
  body: string;
  /** Where to read on; null where there is nothing yet. */
  link: string | null;
  /** What programs are told besides. */
  details?: BotNoticeDetails;
}

/** Keeps a notice, and gives back what to tell the person's open pages; nothing where it was kept before. */
export async function notify(tx: Tx, notice: Notice, conversationId: string | null): Promise<Announcement[]> {
  const { details, ...rest } = notice;
  const row = { id: newId(), ...rest };
  const { count } = await tx.notification.createMany({
    data: { ...row, ...(details === undefined ? {} : { details: { ...details } }) },
    skipDuplicates: true,
  });
  if (count === 0) return [];
  const { id, type, title, body, link } = row;
  const data = { id, type, title, body, link, conversationId };
  return [{ topic: userTopic(notice.userId), type: "notification.added", data }];
}
