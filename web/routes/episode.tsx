import { data, useRevalidator } from "react-router";
import { isId } from "#domain/ids.ts";
import { episodeReview } from "#records/channels/review.ts";
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
  const { episode, feeds } = loaderData;
  const { revalidate } = useRevalidator();
  return (
    <>
      <Feeds
        feeds={feeds}
        onEvent={({ type, data: changed }) => {
          const isTurn = type === "episode.changed" && changed.episodeId === episode.id;
          if (isTurn || (type.startsWith("run.") && "kind" in changed && changed.kind === "cut")) void revalidate();
        }}
      />
      <EpisodeReviewView key={episode.id} review={loaderData} />
    </>
  );
}
