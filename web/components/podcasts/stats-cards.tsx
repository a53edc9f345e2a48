import type { ChannelStats } from "#records/channels/jobs.ts";
import { Stat } from "../ui/stat.tsx";

/** What the channel has come to, in five figures. */
export function StatsCards({ stats }: { stats: ChannelStats }) {
  const { totalVideos, totalEpisodes, publishedEpisodes, unpublishedEpisodes, successRate, activeJobs, failedJobs } =
    stats;
  return (
    <dl aria-label="Figures" className="grid grid-cols-2 gap-3 md:grid-cols-3 lg:grid-cols-5">
      <Stat name="Total videos" value={String(totalVideos)}>
        ever put in line
      </Stat>
      <Stat name="Episodes" value={String(totalEpisodes)}>
        {publishedEpisodes} published, {unpublishedEpisodes} not
      </Stat>
      <Stat name="Success rate" value={`${successRate} %`}>
        episodes of all videos
      </Stat>
      <Stat name="Active jobs" value={String(activeJobs)}>
        at work or in line
      </Stat>
      <Stat name="Failed jobs" value={String(failedJobs)}>
        cancelled ones too
      </Stat>
    </dl>
  );
}
