import { data } from "react-router";
import { isId } from "#domain/ids.ts";
import { meetingForCalendar } from "#records/meetings/meeting-detail.ts";
import { meetingCalendar } from "../pages/meetings/meeting-calendar.ts";
import { actorContext, depsContext } from "../pages/context.ts";
import type { Route } from "./+types/meeting-ics.ts";

/** The meeting as a file for calendars. */
export async function loader({ context, params: { id } }: Route.LoaderArgs) {
  const { prisma, env } = context.get(depsContext);
  const meeting = isId(id) ? await meetingForCalendar(prisma, context.get(actorContext).id, id) : null;
  if (meeting === null) throw data("There is no such meeting, or it is not yours.", { status: 404 });
  const { scheduledAt } = meeting;
  if (scheduledAt === null) throw data("This meeting has no time yet. Give it one first.", { status: 404 });
  const file = meetingCalendar({ ...meeting, scheduledAt, publicUrl: env.PUBLIC_URL });
  return new Response(file, {
    headers: {
      "Content-Type": "text/calendar; charset=utf-8",
      "Content-Disposition": `attachment; filename="meeting-${id}.ics"`,
    },
  });
}
