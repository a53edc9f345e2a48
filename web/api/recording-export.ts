import { z } from "zod";
import { dayOf, momentOf } from "#domain/recorded.ts";
import { callTimes } from "#records/meetings/call-times.ts";
import { gapsOf } from "#records/meetings/transcript-gaps.ts";
import { conversationSnapshot } from "#records/conversations/snapshot.ts";
import { exportFormats, exportTypes, renderExport } from "../export/export.ts";
import { notFound } from "../http/problem.ts";
import { route } from "./route.ts";
import { IdParams } from "./schemas.ts";

export const recordingExport = route({
  method: "get",
  path: "/recordings/:id/export",
  summary: "Transcript, summary and action items as a file",
  tag: "Recordings",
  access: "user",
  params: IdParams,
  query: z.object({ format: z.enum(exportFormats).default("md") }),
  answers: { 200: { description: "The file", mediaType: exportTypes } },
  async handle({ deps: { prisma }, actor, params: { id }, query: { format }, response }) {
    const snapshot = await conversationSnapshot(prisma, actor.userId, id);
    if (snapshot === null) throw notFound();
    const { conversation, segments, analysis } = snapshot;
    const recorded = conversation.recording && momentOf(conversation.recording);
    const call = await callTimes(prisma, conversation);
    const durationMs = conversation.recording?.durationMs ?? call.durationMs;
    const absences = await gapsOf(prisma, id);
    const { body, contentType, contentDisposition } = await renderExport(format, {
      title: conversation.title,
      createdAt: conversation.createdAt.toISOString(),
      recordedOn: recorded && dayOf(recorded),
      heldOn: call.heldOn,
      durationSeconds: durationMs === null ? null : durationMs / 1000,
      speakers: Object.fromEntries(
        conversation.speakers.flatMap(({ label, displayName }) => (displayName === null ? [] : [[label, displayName]])),
      ),
      segments,
      ...(absences.length === 0 ? {} : { absences }),
      summary: analysis?.summary ?? null,
      actionItems: analysis?.actionItems ?? [],
      notes: analysis?.notes ?? [],
    });
    response.set({ "Content-Type": contentType, "Content-Disposition": contentDisposition });
    response.end(typeof body === "string" ? body : Buffer.from(body));
    return null;
  },
});
