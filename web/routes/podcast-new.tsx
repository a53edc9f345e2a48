import { data, href, redirect } from "react-router";
import { channelDraft, tooManyChannels } from "#domain/inputs/channel.ts";
import { createChannel } from "#records/channels/channels.ts";
import { speechOffer } from "#records/speech-offer.ts";
import { NewChannelForm } from "../components/podcasts/new-channel-form.tsx";
import { Notice } from "../components/ui/notice.tsx";
import { PageHeader } from "../components/ui/page-header.tsx";
import { languagesOf } from "../components/uploads/languages.ts";
import { actorContext, depsContext } from "../pages/context.ts";
import { formOf, refusal } from "../pages/forms.ts";
import { parseNewChannel, typedIn } from "../pages/podcasts/channel-form.ts";
import { chosenWorkspace, notTheirs, writableWorkspaces } from "../pages/podcasts/writable-workspaces.ts";
import type { Route } from "./+types/podcast-new.ts";

export async function loader({ context }: Route.LoaderArgs) {
  const { prisma } = context.get(depsContext);
  const workspaces = await writableWorkspaces(prisma, context.get(actorContext).id);
  return { workspaces, languages: languagesOf(await speechOffer(prisma)) };
}

export async function action({ request, context }: Route.ActionArgs) {
  const { prisma } = context.get(depsContext);
  const { id: userId } = context.get(actorContext);
  const form = await formOf(request);
  const refuse = (status: number, problems: Record<string, string>, message = "") =>
    data({ ...refusal(problems, message), typed: typedIn(form) }, { status });
  const parsed = parseNewChannel(form);
  if (!parsed.ok) return refuse(400, parsed.problems);
  const workspaces = await writableWorkspaces(prisma, userId);
  const workspace = chosenWorkspace(workspaces, parsed.value.workspaceId);
  if (workspace === undefined) return refuse(400, notTheirs);
  const id = await createChannel(prisma, { ...channelDraft(parsed.value), userId, workspaceId: workspace.id });
  if (id === null) return refuse(409, {}, tooManyChannels);
  throw redirect(href("/podcasts/:id", { id }));
}

export default function NewPodcast({ loaderData, actionData }: Route.ComponentProps) {
  return (
    <div className="mx-auto max-w-3xl space-y-6">
      <PageHeader
        title="Add a channel"
        lead="A feed or YouTube channel whose new items become episodes by themselves, or a place for files of your own."
      />
      {actionData?.message ? (
        <Notice kind="bad" role="alert">
          {actionData.message}
        </Notice>
      ) : null}
      <NewChannelForm {...loaderData} problems={actionData?.problems ?? {}} typed={actionData?.typed ?? {}} />
    </div>
  );
}
