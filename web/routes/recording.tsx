import { data, href, useNavigate, useRevalidator } from "react-router";
import { isId } from "#domain/ids.ts";
import type { LiveEvent } from "#domain/live.ts";
import { videoOf } from "#records/channels/videos.ts";
import { Feeds } from "../components/shell/feeds.tsx";
import { useLiveState } from "../components/shell/live-state.ts";
import { applyToConversation, isTurningPoint } from "../components/conversation/live-conversation.ts";
import { RecordingView } from "../components/recording/recording-view.tsx";
import { actorContext, depsContext } from "../pages/context.ts";
import { formOf } from "../pages/forms.ts";
import { versionOf } from "../pages/list-query.ts";
import { actOnConversation } from "../pages/recordings/recording-actions.ts";
import { recordingData } from "../pages/recordings/recording-data.ts";
import type { RecordingData } from "../pages/recordings/recording-data.ts";
import type { Route } from "./+types/recording.ts";

const unknown = () =>
  data("There is no such recording, or it is not yours. It may have been deleted.", { status: 404 });

export async function loader({ context, params, url }: Route.LoaderArgs) {
  const { prisma } = context.get(depsContext);
  const loaded = await recordingData(prisma, {
    userId: context.get(actorContext).id,
    id: params.id,
    version: versionOf(url),
  });
  if (loaded === null) throw unknown();
  return loaded;
}

/** Where one is when it is deleted: with its channel's other episodes, or with the recordings. */
const homeOf = (video: RecordingData["video"]) =>
  video === null ? href("/recordings") : href("/podcasts/:id", { id: video.channel.id });

export async function action({ request, context, params }: Route.ActionArgs) {
  if (!isId(params.id)) throw unknown();
  const { prisma } = context.get(depsContext);
  const actor = { prisma, userId: context.get(actorContext).id, id: params.id };
  const home = homeOf(await videoOf(prisma, params.id));
  const answer = await actOnConversation(actor, await formOf(request), home);
  return data(answer, { status: answer.message === null ? 200 : 409 });
}

/** Between the stages of a video its file comes, and with it what there is to hear. */
const isStageOfVideo = (event: LiveEvent) => event.type === "run.stage" && event.data.kind === "video";

export default function Recording({ loaderData }: Route.ComponentProps) {
  const { revalidate } = useRevalidator();
  const navigate = useNavigate();
  const [live, apply] = useLiveState(loaderData, loaderData.feeds, applyToConversation);
  const onEvent = (event: LiveEvent) => {
    if (event.type === "conversation.deleted") return void navigate(homeOf(live.video));
    apply(event);
    if (isTurningPoint(event) || isStageOfVideo(event)) void revalidate();
  };
  return (
    <>
      <Feeds feeds={loaderData.feeds} onEvent={onEvent} />
      <RecordingView key={live.id} recording={live} />
    </>
  );
}
