import { data } from "react-router";
import { isId } from "#domain/ids.ts";
import { AgentDashboard } from "../components/podcasts/agent-dashboard.tsx";
import { actorContext, depsContext } from "../pages/context.ts";
import { formOf } from "../pages/forms.ts";
import { actOnChannel, unknownChannel } from "../pages/podcasts/channel-actions.ts";
import { channelData } from "../pages/podcasts/channel-data.ts";
import type { Route } from "./+types/podcast.ts";

export async function loader({ context, params: { id }, url }: Route.LoaderArgs) {
  const { prisma, env } = context.get(depsContext);
  const asked = {
    actor: context.get(actorContext),
    id,
    url,
    maxBytes: env.MAX_UPLOAD_BYTES,
    publicUrl: env.PUBLIC_URL,
  };
  const loaded = await channelData(prisma, asked);
  if (loaded === null) throw unknownChannel();
  return loaded;
}

export async function action({ request, context, params: { id } }: Route.ActionArgs) {
  if (!isId(id)) throw unknownChannel();
  const { prisma, env } = context.get(depsContext);
  const asker = { prisma, userId: context.get(actorContext).id, id, publicUrl: env.PUBLIC_URL };
  const answer = await actOnChannel(asker, await formOf(request));
  const status = answer.message !== null ? 409 : Object.keys(answer.problems).length > 0 ? 400 : 200;
  return data(answer, { status });
}

export default function Podcast({ loaderData }: Route.ComponentProps) {
  // Another channel is another dashboard: nothing of what one typed or opened in this one goes along.
  return <AgentDashboard key={loaderData.channel.id} />;
}
