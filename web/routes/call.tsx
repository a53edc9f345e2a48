import { data, href, redirect, useNavigate } from "react-router";
import type { LiveEvent } from "#domain/live.ts";
import { meetingViewOf } from "#domain/meeting-view.ts";
import { Feeds } from "../components/shell/feeds.tsx";
import { useLiveState } from "../components/shell/live-state.ts";
import { memberEndpoints } from "../components/call/call-api.ts";
import { CallConnect } from "../components/call/call-connect.tsx";
import { CallProcessing } from "../components/call/call-processing.tsx";
import { Captions } from "../components/call/captions.tsx";
import { leftCall } from "../components/call/left-call.ts";
import { applyToCallPage } from "../components/meetings/live-meeting.ts";
import { actorContext, depsContext } from "../pages/context.ts";
import { callData } from "../pages/meetings/meeting-data.ts";
import type { Route } from "./+types/call.ts";

export async function loader({ context, params }: Route.LoaderArgs) {
  const actor = context.get(actorContext);
  const loaded = await callData(context.get(depsContext).prisma, { userId: actor.id, id: params.id });
  if (loaded === null) {
    throw data("There is no such meeting, or it is not yours. It may have been deleted.", { status: 404 });
  }
  const view = meetingViewOf(loaded.run);
  // Who may only look is shown the call's words on the meeting's page.
  const isElsewhere = view === "completed" || view === "cancelled" || !loaded.canWrite;
  if (isElsewhere) throw redirect(href("/meetings/:id", { id: params.id }));
  return { ...loaded, selfName: actor.name };
}

export default function Call({ loaderData }: Route.ComponentProps) {
  const navigate = useNavigate();
  const [live, apply] = useLiveState(loaderData, loaderData.feeds, applyToCallPage);
  const { id, title, run, call } = live;
  const page = href("/meetings/:id", { id });
  const view = meetingViewOf(run);
  const isBefore = view === "upcoming" || view === "active";
  const onEvent = (event: LiveEvent) => {
    if (event.type === "conversation.deleted") return void navigate(href("/meetings"));
    if (event.type === "run.cancelled") return void navigate(page);
    apply(event);
  };
  return (
    <>
      <title>{`${title} · Convene`}</title>
      <Feeds feeds={loaderData.feeds} onEvent={onEvent} />
      <CallConnect
        key={id}
        meetingName={title}
        meetingId={id}
        start={isBefore ? "lobby" : "processing"}
        provider={live.provider}
        agent={live.agent}
        selfName={loaderData.selfName}
        canEndForAll={live.isHost}
        door={memberEndpoints(id)}
        captions={<Captions captions={live.captions} speakers={live.speakers} />}
        onLeft={() => void navigate(page, { state: leftCall })}
        processing={
          <div className="space-y-6">
            <h1 className="text-center text-3xl">{title}</h1>
            <CallProcessing meetingId={id} run={run} since={call.processingSince} canRetry={live.canWrite} />
          </div>
        }
      />
    </>
  );
}
