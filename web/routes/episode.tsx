import { useState } from "react";
import { data, useRevalidator } from "react-router";
import { isId } from "#domain/ids.ts";
import { isRunEvent } from "#domain/live.ts";
import type { RunEventData } from "#domain/live.ts";
import { episodeReview } from "#records/channels/review-page.ts";
import { EpisodeReviewView } from "../components/podcasts/episode-review.tsx";
import { Feeds } from "../components/shell/feeds.tsx";
import { actorContext, depsContext } from "../pages/context.ts";
import { formOf } from "../pages/forms.ts";
import { actOnEpisode, unknownEpisode } from "../pages/podcasts/episode-forms.ts";
import type { Route } from "./+types/episode.ts";

export async function loader({ context, params }: Route.LoaderArgs) {
  const { prisma } = context.get(depsContext);
  const { id: channelId, episodeId: id } = params;
  if (!isId(channelId) || !isId(id)) throw unknownEpisode();
  const review = await episodeReview(prisma, { userId: context.get(actorContext).id, channelId, id });
  if (review === null) throw unknownEpisode();
  return review;
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { id: channelId, episodeId: id } = params;
  if (!isId(channelId) || !isId(id)) throw unknownEpisode();
  const { prisma } = context.get(depsContext);
  const asked = { prisma, userId: context.get(actorContext).id, channelId, id };
  const said = await actOnEpisode(asked, await formOf(request));
  return data(said, { status: said.message === null ? 200 : 409 });
}

export default function Episode({ loaderData }: Route.ComponentProps) {
  const { episode, feeds, cut } = loaderData;
  const { revalidate } = useRevalidator();
  const [told, setTold] = useState<RunEventData | null>(null);
  const isFurther = cut !== null && told?.runId === cut.runId && told.percent > cut.percent;
  const review = isFurther
    ? { ...loaderData, cut: { ...cut, percent: told.percent, message: told.message } }
    : loaderData;
  return (
    <>
      <Feeds
        feeds={feeds}
        onEvent={(event) => {
          const isOfCut = isRunEvent(event) && event.data.kind === "cut";
          // Of a long episode all words would be read again with each percent.
          if (isOfCut && event.type === "run.progress") return setTold(event.data);
          if (isOfCut || (event.type === "episode.changed" && event.data.episodeId === episode.id)) void revalidate();
        }}
      />
      <EpisodeReviewView key={episode.id} review={review} />
    </>
  );
}
