import { userTopic } from "#domain/live.ts";
import type { RunEvent } from "#domain/run.ts";
import type { Tx } from "./db.ts";
import type { Announcement } from "./feed.ts";
import { newId } from "./ids.ts";

interface FinishedRun {
  id: string;
  kind: string;
  attempt: number;
  conversationId: string;
  conversation: { title: string; ownerId: string | null };
}

/**
 * Keeps a notice for the owner when a run ends, one per attempt and outcome however often the end is reported, and
 * gives back what to tell their open pages.
 */
export async function notifyOfRun(tx: Tx, run: FinishedRun, event: RunEvent): Promise<Announcement[]> {
  const ownerId = run.conversation.ownerId;
  if (ownerId === null || (event.type !== "completed" && event.type !== "failed")) return [];
  const notice = {
    id: newId(),
    userId: ownerId,
    dedupeKey: `run:${run.id}:${run.attempt}:${event.type}`,
    type: `run.${event.type}`,
    title: event.type === "completed" ? `“${run.conversation.title}” is ready` : `“${run.conversation.title}” failed`,
    body: event.type === "failed" ? event.error.message : "",
    link: `/recordings/${run.conversationId}`,
  };
  const { count } = await tx.notification.createMany({ data: notice, skipDuplicates: true });
  if (count === 0) return [];
  const { id, type, title, body, link } = notice;
  const data = { id, type, title, body, link, conversationId: run.conversationId };
  return [{ topic: userTopic(ownerId), type: "notification.added", data }];
}
