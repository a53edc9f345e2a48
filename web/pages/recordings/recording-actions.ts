import { redirect } from "react-router";
import { z } from "zod";
import { RecordedAt } from "#domain/recorded.ts";
import {
  analysisFields,
  conversationTitle,
  reassignedSegmentsField,
  newSpeaker,
  sameSpeaker,
  segmentText,
  speakerFields,
} from "#domain/inputs/conversation.ts";
import { AgainDetails } from "#domain/inputs/recording.ts";
import { tickActionItem } from "#records/conversations/action-items.ts";
import { correctSegment } from "#records/conversations/correct-segment.ts";
import { dateRecording, nameSpeaker, renameConversation } from "#records/conversations/conversations.ts";
import { deleteConversation } from "#records/conversations/delete-conversation.ts";
import { mergeSpeakers } from "#records/conversations/merge-speakers.ts";
import { reassignSegments } from "#records/conversations/reassign-segments.ts";
import { undoMerge } from "#records/conversations/undo-merge.ts";
import type { PrismaClient } from "#records/db.ts";
import { cancelRun, orderAnalysis, retryRun } from "#records/runs/run-requests.ts";
import { orderTranscription } from "#records/runs/transcribe-again.ts";
import { mustParse } from "../forms.ts";
import { settleFor } from "../outcome.ts";
import type { ActionMessage } from "../outcome.ts";

/** What the buttons of a recording's page and of a meeting's page ask for alike. */
const Intent = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("cancel"), runId: z.uuid() }),
  z.object({ intent: z.literal("retry"), runId: z.uuid() }),
  z.object({ intent: z.literal("rename"), title: conversationTitle() }),
  AgainDetails.extend({ intent: z.literal("transcribe") }),
  z.object({ intent: z.literal("date"), recordedAt: z.literal("").or(RecordedAt) }),
  z.object({ intent: z.literal("nameSpeaker"), ...speakerFields }),
  z.object({
    intent: z.literal("correct"),
    segmentIds: reassignedSegmentsField,
    text: segmentText,
    label: speakerFields.label,
  }),
  z.object({ intent: z.literal("mergeSpeakers"), label: speakerFields.label, into: speakerFields.label }),
  z.object({ intent: z.literal("undoMerge"), mergeId: z.uuid() }),
  z.object({ intent: z.literal("tick"), itemId: z.uuid(), done: z.enum(["true", "false"]) }),
  z.object({ intent: z.literal("analyse"), ...analysisFields }),
  z.object({ intent: z.literal("delete") }),
]);

const settle = settleFor("There is no such conversation, or your role does not allow this.");

export interface Requester {
  prisma: PrismaClient;
  userId: string;
  id: string;
}

/**
 * Does what a form of the page asks; once the conversation is deleted, it goes on to `home`. `message` says in words
 * why the state of things does not allow it.
 */
export async function actOnConversation(
  { prisma, userId, id }: Requester,
  form: FormData,
  home: string,
): Promise<ActionMessage> {
  const asked = mustParse(Intent, form);
  switch (asked.intent) {
    case "cancel":
      return settle(await cancelRun(prisma, userId, asked.runId));
    case "retry":
      return settle(await retryRun(prisma, userId, asked.runId));
    case "rename":
      return settle(await renameConversation(prisma, { userId, id, title: asked.title }));
    case "transcribe": {
      const { intent: _intent, ...wishes } = asked;
      return settle(await orderTranscription(prisma, { userId, conversationId: id, ...wishes }));
    }
    case "date":
      return settle(await dateRecording(prisma, { userId, id, recordedAt: asked.recordedAt || null }));
    case "nameSpeaker":
      return settle(await nameSpeaker(prisma, { userId, id, label: asked.label, displayName: asked.displayName }));
    case "correct": {
      const { segmentIds, text, label } = asked;
      const [segmentId = ""] = segmentIds;
      const isCorrected = (await correctSegment(prisma, { userId, id, segmentId, text })) !== null;
      if (!isCorrected || label === sameSpeaker) return settle(isCorrected);
      const to = label === newSpeaker ? null : label;
      return settle((await reassignSegments(prisma, { userId, id, segmentIds, label: to })) !== null);
    }
    case "mergeSpeakers": {
      const { label, into } = asked;
      if (label === into) return { message: "Choose two different speakers." };
      return settle((await mergeSpeakers(prisma, { userId, id, label, into })) !== null);
    }
    case "undoMerge":
      return settle(await undoMerge(prisma, { userId, id, mergeId: asked.mergeId }));
    case "tick":
      return settle(await tickActionItem(prisma, { userId, id: asked.itemId, done: asked.done === "true" }));
    case "analyse": {
      const { intent: _intent, ...wishes } = asked;
      const order = { ...wishes, userId, conversationId: id, model: null };
      return settle((await orderAnalysis(prisma, order)) !== null);
    }
    case "delete":
      settle(await deleteConversation(prisma, { userId, id }));
      throw redirect(home);
    default:
      return asked satisfies never;
  }
}
