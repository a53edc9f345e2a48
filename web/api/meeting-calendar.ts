import { conflict, notFound } from "../http/problem.ts";
import { meetingCalendarFile } from "../pages/meetings/meeting-calendar.ts";
import { route } from "./route.ts";
import { IdParams } from "./schemas.ts";

export const meetingCalendarRoute = route({
  method: "get",
  path: "/meetings/:id/calendar.ics",
  summary: "The meeting as a file for calendars; a later one replaces an earlier one there",
  tag: "Meetings",
  access: "user",
  params: IdParams,
  answers: {
    200: { description: "The file", mediaType: ["text/calendar"] },
    409: { description: "The meeting has no time" },
  },
  async handle({ deps: { prisma, env }, actor, params: { id }, response }) {
    const file = await meetingCalendarFile(prisma, { userId: actor.userId, id, publicUrl: env.PUBLIC_URL });
    if (file === null) throw notFound();
    if (file.noTime) throw conflict("This meeting has no time yet. Give it one first.");
    response.set(file.headers);
    response.end(file.body);
    return null;
  },
});
