import { data, href, useNavigate, useRevalidator } from "react-router";
import { isId } from "#domain/ids.ts";
import type { LiveEvent } from "#domain/live.ts";
import { meetingViewOf } from "#domain/meeting-view.ts";
import { guestPath } from "../calls/guest-link.ts";
import { Feeds } from "../components/shell/feeds.tsx";
import { useLiveState } from "../components/shell/live-state.ts";
import { applyToMeeting, isTurnOfMeeting } from "../components/meetings/live-meeting.ts";
import { MeetingView } from "../components/meetings/meeting-view.tsx";
import { actorContext, depsContext } from "../pages/context.ts";
import { formOf } from "../pages/forms.ts";
import { versionOf } from "../pages/list-query.ts";
import { actOnMeeting } from "../pages/meetings/meeting-actions.ts";
import { meetingData } from "../pages/meetings/meeting-data.ts";
import type { Route } from "./+types/meeting.ts";

const unknown = () => data("There is no such meeting, or it is not yours. It may have been deleted.", { status: 404 });

export async function loader({ context, params, url }: Route.LoaderArgs) {
  const { prisma, env } = context.get(depsContext);
  const loaded = await meetingData(prisma, {
    userId: context.get(actorContext).id,
    id: params.id,
    version: versionOf(url),
  });
  if (loaded === null) throw unknown();
  const view = meetingViewOf(loaded.run);
  const isOpen = loaded.canWrite && (view === "upcoming" || view === "active");
  const { guestLinkVersion, ...meeting } = loaded;
  const path = guestPath(env.CONVENE_SECRET, { id: params.id, guestLinkVersion });
  return { ...meeting, guestLink: isOpen ? new URL(path, env.PUBLIC_URL).href : null };
}

export async function action({ request, context, params }: Route.ActionArgs) {
  if (!isId(params.id)) throw unknown();
  const { prisma } = context.get(depsContext);
  const asker = { prisma, userId: context.get(actorContext).id, id: params.id };
  const answer = await actOnMeeting(asker, await formOf(request));
  return data(answer, { status: answer.message === null ? 200 : 409 });
}

export default function Meeting({ loaderData }: Route.ComponentProps) {
  const { revalidate } = useRevalidator();
  const navigate = useNavigate();
  const [live, apply] = useLiveState(loaderData, loaderData.feeds, applyToMeeting);
  const onEvent = (event: LiveEvent) => {
    if (event.type === "conversation.deleted") return void navigate(href("/meetings"));
    apply(event);
    if (isTurnOfMeeting(event)) void revalidate();
  };
  return (
    <>
      <Feeds feeds={loaderData.feeds} onEvent={onEvent} />
      <MeetingView key={live.id} meeting={live} guestLink={live.guestLink} />
    </>
  );
}
