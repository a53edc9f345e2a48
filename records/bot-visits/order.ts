import type { MeetingPlace } from "#domain/calendar/event.ts";
import { recorderWorkflowId } from "#domain/ids.ts";
import type { Tx } from "../db.ts";
import { newId } from "../ids.ts";
import { createRun } from "../runs/new-run.ts";

/** What a bot is to do: where, when, by which name. */
export interface RecorderOrder {
  workspaceId: string;
  ownerId: string | null;
  title: string;
  place: MeetingPlace;
  startsAt: Date;
  endsAt: Date | null;
  joinAt: Date;
  generation: number;
  botName: string;
  language: string;
  consentMessage: string;
}

/**
 * Orders a bot's visit, with the run that makes it. Null: one of this occurrence and generation was ordered before.
 * The caller's transaction fails where another orders the same at this very moment.
 */
export async function createRecorder(tx: Tx, order: RecorderOrder): Promise<string | null> {
  const id = newId();
  const { place, ...rest } = order;
  const { workspaceId, startsAt, generation } = order;
  const { platform, room } = place;
  const isOrdered = await tx.recorder.count({ where: { workspaceId, platform, room, startsAt, generation } });
  if (isOrdered > 0) return null;
  const runId = await createRun(tx, {
    kind: "recorder",
    stage: "upcoming",
    workflowId: recorderWorkflowId(id),
    conversationId: null,
    title: order.title,
    ownerId: order.ownerId,
    workspaceId,
  });
  await tx.recorder.create({ data: { id, runId, ...rest, platform, room, meetingUrl: place.url } });
  return id;
}
