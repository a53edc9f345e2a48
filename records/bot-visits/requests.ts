import type { MeetingPlace } from "#domain/calendar/event.ts";
import { isFinal } from "#domain/run.ts";
import type { RunStatus } from "#domain/run.ts";
import { writableBy } from "../accounts/access.ts";
import { preferencesOf } from "../calendars/preferences.ts";
import type { PrismaClient, Tx } from "../db.ts";
import type { Outcome } from "../outcome.ts";
import { newId } from "../ids.ts";
import { enqueue } from "../queues/outbox.ts";
import { cancelRunRow } from "../runs/run-requests.ts";
import { createRecorder } from "./order.ts";
import { lockMeeting } from "./lock.ts";

export interface JoinNow {
  userId: string;
  workspaceId: string;
  place: MeetingPlace;
  title: string | null;
  language: string | null;
  botName: string | null;
}

/** A visit that waits may begin this much later and still be the meeting that a person means. */
const sameMeetingMs = 30 * 60_000;

/**
 * Sends a bot into a meeting now. Where one is there already, or waits for this meeting's hour, it is that one
 * (`isNew` false), and it goes at once.
 */
export async function joinNow(prisma: PrismaClient, asked: JoinNow): Promise<{ id: string; isNew: boolean }> {
  return prisma.$transaction(async (tx) => {
    const { workspaceId, userId, place } = asked;
    await lockMeeting(tx, workspaceId, place);
    const present = await presentRecorder(tx, asked);
    if (present !== null) {
      await tx.recorder.updateMany({ where: { id: present, requestedAt: null }, data: { joinAt: new Date() } });
      await signalRecorder(tx, present);
      return { id: present, isNew: false };
    }
    const rules = await preferencesOf(tx, userId);
    const startsAt = new Date();
    const id = await createRecorder(tx, {
      workspaceId,
      ownerId: userId,
      title: asked.title ?? "Meeting",
      place,
      startsAt,
      endsAt: null,
      joinAt: startsAt,
      generation: 1,
      botName: asked.botName ?? rules.bot_name,
      language: asked.language ?? rules.language,
      consentMessage: rules.consent_message,
    });
    if (id === null) throw new Error("Two visits of one moment");
    return { id, isNew: true };
  });
}

async function presentRecorder(tx: Tx, { workspaceId, place: { platform, room } }: JoinNow): Promise<string | null> {
  const row = await tx.recorder.findFirst({
    where: {
      workspaceId,
      platform,
      room,
      stoppedAt: null,
      joinAt: { lt: new Date(Date.now() + sameMeetingMs) },
      run: { status: { in: ["pending", "starting", "active"] }, cancelRequested: false },
    },
    orderBy: { joinAt: "asc" },
    select: { id: true },
  });
  return row?.id ?? null;
}

/**
 * Tells a bot to leave; what it recorded until then is kept. One that was not sent yet never goes. It is not sent again
 * by any rule.
 */
export async function stopRecorder(prisma: PrismaClient, userId: string, id: string): Promise<Outcome> {
  return prisma.$transaction(async (tx) => {
    const recorder = await tx.recorder.findFirst({
      where: { id, ...writableBy(userId) },
      include: { run: { select: { status: true } } },
    });
    if (recorder === null) return { ok: false, reason: "not_found" };
    const status = recorder.run.status as RunStatus;
    if (isFinal(status) || status === "processing") {
      return { ok: false, reason: "conflict", message: "The bot is out of the meeting already." };
    }
    await tx.recorder.updateMany({ where: { id, stoppedAt: null }, data: { stoppedAt: new Date() } });
    if (recorder.requestedAt === null) await cancelRunRow(tx, recorder.runId);
    else await signalRecorder(tx, id);
    return { ok: true };
  });
}

/** Lets a visit's workflow look at what has changed. */
export const signalRecorder = (tx: Tx, recorderId: string) =>
  enqueue(tx, {
    kind: "recorder.changed",
    payload: { recorderId },
    dedupeKey: `recorder.changed:${newId()}`,
    partitionKey: recorderId,
  });
