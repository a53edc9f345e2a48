import { data } from "react-router";
import { FeedImport } from "#domain/inputs/opml.ts";
import { importFeeds } from "#records/channels/import-feeds.ts";
import { speechOffer } from "#records/speech-offer.ts";
import { ImportForm } from "../components/podcasts/import-form.tsx";
import { ImportedFeeds } from "../components/podcasts/imported-feeds.tsx";
import { PageHeader } from "../components/ui/page-header.tsx";
import { languagesOf } from "../components/uploads/languages.ts";
import { actorContext, depsContext } from "../pages/context.ts";
import { formOf, parseFields } from "../pages/forms.ts";
import { chosenWorkspace, notTheirs, writableWorkspaces } from "../pages/podcasts/writable-workspaces.ts";
import type { Route } from "./+types/podcast-import.ts";

export async function loader({ context }: Route.LoaderArgs) {
  const { prisma } = context.get(depsContext);
  const workspaces = await writableWorkspaces(prisma, context.get(actorContext).id);
  return { workspaces, languages: languagesOf(await speechOffer(prisma)) };
}

export async function action({ request, context }: Route.ActionArgs) {
  const { prisma, env } = context.get(depsContext);
  const { id: userId } = context.get(actorContext);
  const form = await formOf(request);
  const refuse = (problems: Record<string, string>) => data({ problems, feeds: null }, { status: 400 });
  const file = form.get("opml");
  const opml = file instanceof File ? await file.text() : file;
  const parsed = parseFields(FeedImport, { ...Object.fromEntries(form), opml, rights: form.get("rights") === "on" });
  if (!parsed.ok) return refuse(parsed.problems);
  const { language, mode, ...said } = parsed.value;
  const workspace = chosenWorkspace(await writableWorkspaces(prisma, userId), said.workspaceId);
  if (workspace === undefined) return refuse(notTheirs);
  const into = { userId, workspaceId: workspace.id, language, mode, publicUrl: env.PUBLIC_URL };
  return { problems: {}, feeds: await importFeeds(prisma, into, said.opml) };
}

export default function PodcastImport({ loaderData, actionData }: Route.ComponentProps) {
  return (
    <div className="mx-auto max-w-3xl space-y-6">
      <PageHeader
        title="Import OPML"
        lead="The list of feeds that a podcast app or a reader exports. Each becomes a channel, whose new items become episodes."
      />
      {actionData?.feeds ? <ImportedFeeds feeds={actionData.feeds} /> : null}
      <ImportForm {...loaderData} problems={actionData?.problems ?? {}} />
    </div>
  );
}
