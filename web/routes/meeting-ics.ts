import { data } from "react-router";
import { isId } from "#domain/ids.ts";
import { readableBy } from "#records/accounts/access.ts";
import { meetingCalendar } from "../pages/meetings/meeting-calendar.ts";
import { actorContext, depsContext } from "../pages/context.ts";
import type { Route } from "./+types/meeting-ics.ts";

/** The meeting as a file for calendars. */
export async function loader({ context, params: { id } }: Route.LoaderArgs) {
  const { prisma, env } = context.get(depsContext);
  const meeting = isId(id)
    ? await prisma.meeting.findFirst({
        where: { id, ...readableBy(context.get(actorContext).id) },
        select: {
          id: true,
          scheduledAt: true,
          durationMinutes: true,
          sessionName: true,
          agent: { select: { name: true } },
          conversation: {
            select: {
              title: true,
              createdAt: true,
              updatedAt: true,
              runs: { where: { kind: "meeting" }, select: { status: true } },
            },
          },
        },
      })
    : null;
  if (meeting === null) throw data("There is no such meeting, or it is not yours.", { status: 404 });
  const { scheduledAt } = meeting;
  if (scheduledAt === null) throw data("This meeting has no time yet. Give it one first.", { status: 404 });
  const { title, createdAt, updatedAt, runs } = meeting.conversation;
  const file = meetingCalendar({
    id,
    title,
    scheduledAt,
    createdAt,
    updatedAt,
    durationMinutes: meeting.durationMinutes,
    agentName: meeting.agent?.name ?? null,
    sessionName: meeting.sessionName,
    isCancelled: runs[0]?.status === "cancelled",
    publicUrl: env.PUBLIC_URL,
  });
  return new Response(file, {
    headers: {
      "Content-Type": "text/calendar; charset=utf-8",
      "Content-Disposition": `attachment; filename="meeting-${id}.ics"`,
    },
  });
}
