import { callSoundOf } from "#records/meetings/meeting-detail.ts";
import { notFound } from "../http/problem.ts";
import { mediaTypes, sendObject } from "./recording-media.ts";
import { route } from "./route.ts";
import { IdParams } from "./schemas.ts";

export const meetingAudioRoute = route({
  method: "get",
  path: "/meetings/:id/audio",
  summary: "The call's sound, where its provider gave it; takes Range",
  tag: "Meetings",
  access: "user",
  params: IdParams,
  answers: {
    200: { description: "All of it", mediaType: mediaTypes },
    206: { description: "The part asked for", mediaType: mediaTypes },
    416: { description: "The part asked for lies outside" },
  },
  async handle({ deps: { prisma, media }, actor, params: { id }, request, response }) {
    const meeting = await callSoundOf(prisma, actor.userId, id);
    if (meeting?.audioKey == null) throw notFound();
    // What came from elsewhere is never named a type that a browser would act on.
    const type = /^(audio|video)\/[\w.+-]+$/.test(meeting.audioType ?? "") ? meeting.audioType : null;
    response.set({
      "Content-Type": type ?? "application/octet-stream",
      "Cache-Control": "private, no-cache",
      "Content-Security-Policy": "sandbox",
    });
    await sendObject(media, meeting.audioKey, { range: request.headers.range, response });
    return null;
  },
});
