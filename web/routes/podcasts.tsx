import { FileDown, FileUp, Plus, Podcast } from "lucide-react";
import { Link, href, useRevalidator } from "react-router";
import type { LiveEvent } from "#domain/live.ts";
import { workspacesOf } from "#records/accounts/access.ts";
import { channelList } from "#records/channels/lists.ts";
import { closedSources } from "#records/channels/open-source.ts";
import { ageOf, workerTools } from "#records/channels/worker-tools.ts";
import { ChannelList } from "../components/podcasts/channel-list.tsx";
import { isNewsOfList } from "../components/podcasts/live-jobs.ts";
import { SourceClosed } from "../components/podcasts/source-closed.tsx";
import { ToolsLine } from "../components/podcasts/tools-line.tsx";
import { Feeds } from "../components/shell/feeds.tsx";
import { buttonClass } from "../components/ui/button.tsx";
import { EmptyPanel } from "../components/ui/empty-panel.tsx";
import { PageHeader } from "../components/ui/page-header.tsx";
import { actorContext, depsContext } from "../pages/context.ts";
import { formOf } from "../pages/forms.ts";
import { openSourceAsked } from "../pages/podcasts/open-source.ts";
import type { Route } from "./+types/podcasts.ts";

export async function loader({ context }: Route.LoaderArgs) {
  const { prisma } = context.get(depsContext);
  const { id: userId, role } = context.get(actorContext);
  const [{ channels, feeds }, workspaces, tools, closed] = await Promise.all([
    channelList(prisma, userId),
    workspacesOf(prisma, userId),
    role === "admin" ? workerTools(prisma) : null,
    role === "admin" ? closedSources(prisma) : [],
  ]);
  const nameOf = new Map(workspaces.map(({ id, name, personal }) => [id, personal ? null : name]));
  return {
    feeds,
    closed,
    tools: tools === null ? null : { ...tools, days: ageOf(tools.ytdlp, new Date()) },
    channels: channels.map(({ id, title, shownUrl, paused, check, episodes, activeJobs, workspaceId }) => ({
      id,
      title,
      host: shownUrl?.split("/", 1)[0] ?? null,
      paused,
      check,
      episodes,
      activeJobs,
      workspace: nameOf.get(workspaceId) ?? null,
    })),
  };
}

export async function action({ request, context }: Route.ActionArgs) {
  return openSourceAsked(context.get(depsContext).prisma, context.get(actorContext), await formOf(request));
}

export default function Podcasts({ loaderData: { channels, feeds, closed, tools } }: Route.ComponentProps) {
  const { revalidate } = useRevalidator();
  const onEvent = (event: LiveEvent) => {
    if (isNewsOfList(event)) void revalidate();
  };
  return (
    <div className="mx-auto max-w-4xl">
      <Feeds feeds={feeds} onEvent={onEvent} />
      <PageHeader title="Podcasts" lead="Channels whose videos and recordings become episodes.">
        {channels.length === 0 ? null : (
          <>
            <AddChannel />
            <ImportFeeds />
            <a href="/api/channels.opml" download className={buttonClass("plain")}>
              <FileDown size={16} aria-hidden="true" /> Export OPML
            </a>
          </>
        )}
      </PageHeader>
      {channels.length === 0 ? (
        <EmptyPanel
          icon={Podcast}
          title="No channel yet"
          words="Give the address of a feed with sound or video. It is looked at by itself, and each new item is fetched, transcribed with speakers, summarised and made into an episode, while you watch."
        >
          <AddChannel />
          <ImportFeeds />
        </EmptyPanel>
      ) : (
        <ChannelList channels={channels} />
      )}
      {closed.map((each) => (
        <div key={each.source} className="mt-8">
          <SourceClosed closed={each} canOpen />
        </div>
      ))}
      {tools === null ? null : <ToolsLine tools={tools} />}
    </div>
  );
}

const AddChannel = () => (
  <Link to={href("/podcasts/new")} className={buttonClass("primary")}>
    <Plus size={16} aria-hidden="true" /> Add a channel
  </Link>
);

const ImportFeeds = () => (
  <Link to={href("/podcasts/import")} className={buttonClass("plain")}>
    <FileUp size={16} aria-hidden="true" /> Import OPML
  </Link>
);
