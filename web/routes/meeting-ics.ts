import { data } from "react-router";
import { isId } from "#domain/ids.ts";
import { meetingCalendarFile } from "../pages/meetings/meeting-calendar.ts";
import { actorContext, depsContext } from "../pages/context.ts";
import type { Route } from "./+types/meeting-ics.ts";

/** The meeting as a file for calendars. */
export async function loader({ context, params: { id } }: Route.LoaderArgs) {
  const { prisma, env } = context.get(depsContext);
  const asked = { userId: context.get(actorContext).id, id, publicUrl: env.PUBLIC_URL };
  const file = isId(id) ? await meetingCalendarFile(prisma, asked) : null;
  if (file === null) throw data("There is no such meeting, or it is not yours.", { status: 404 });
  if (file.noTime) throw data("This meeting has no time yet. Give it one first.", { status: 404 });
  return new Response(file.body, { headers: file.headers });
}
