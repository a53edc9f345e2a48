import { useKeptFocus } from "../ui/kept-focus.ts";
import { ActiveJobsPanel } from "./active-jobs-panel.tsx";
import { BackfillBanner } from "./backfill-banner.tsx";
import { BackfillForm } from "./backfill-form.tsx";
import { ChannelHead } from "./channel-head.tsx";
import { EpisodesList } from "./episodes-list.tsx";
import { IdleVideos } from "./idle-videos.tsx";
import { JobsList } from "./jobs-list.tsx";
import { PodcastAddress } from "./podcast-address.tsx";
import { PrivateAddresses } from "./private-addresses.tsx";
import { SourceClosed } from "./source-closed.tsx";
import { StatsCards } from "./stats-cards.tsx";
import { useAgentData } from "./use-agent-data.ts";
import { useRealtimeJobs } from "./use-realtime-jobs.ts";

/** A channel's page: how it stands, its jobs as they work, its episodes, and what its source holds besides. */
export function AgentDashboard() {
  const { data, readAgain } = useAgentData();
  const { channel, canWrite, stats, jobs, episodes, idle, backfills } = data;
  const activeJobs = useRealtimeJobs(channel.id, data, readAgain);
  const kept = useKeptFocus<HTMLDivElement>();
  return (
    <div className="mx-auto max-w-6xl space-y-8" {...kept}>
      <ChannelHead {...data} />
      <StatsCards stats={stats} />
      {backfills.map((backfill) => (
        <BackfillBanner key={backfill.id} backfill={backfill} canWrite={canWrite} />
      ))}
      <div className="grid items-start gap-8 lg:grid-cols-2">
        <div className="min-w-0 space-y-8">
          <ActiveJobsPanel jobs={activeJobs} canWrite={canWrite} channel={channel}>
            {data.closed === null ? null : <SourceClosed closed={data.closed} canOpen={data.canOpen} />}
          </ActiveJobsPanel>
          <PodcastAddress
            feedUrl={channel.feedUrl}
            isPrivate={channel.visibility === "private"}
            published={stats.publishedEpisodes}
          >
            {canWrite ? <PrivateAddresses listeners={data.listeners} /> : null}
          </PodcastAddress>
          <EpisodesList {...episodes} canWrite={canWrite} />
        </div>
        <div className="min-w-0 space-y-8">
          <JobsList {...jobs} active={activeJobs} canWrite={canWrite} />
          {canWrite && channel.source !== "upload" ? <BackfillForm /> : null}
          {channel.source === "upload" && idle.total === 0 ? null : <IdleVideos {...idle} canWrite={canWrite} />}
        </div>
      </div>
    </div>
  );
}
