import type { ChannelStats } from "#records/channels/jobs.ts";
import { Figure } from "../ui/figure.tsx";

/** What the channel has come to, in five figures. */
export function StatsCards({ stats }: { stats: ChannelStats }) {
  const { totalVideos, totalEpisodes, publishedEpisodes, unpublishedEpisodes, successRate, activeJobs, failedJobs } =
    stats;
  return (
    <dl aria-label="Figures" className="grid grid-cols-2 gap-3 md:grid-cols-3 lg:grid-cols-5">
      <Figure name="Total videos" value={String(totalVideos)}>
        ever put in line
      </Figure>
      <Figure name="Episodes" value={String(totalEpisodes)}>
        {publishedEpisodes} published, {unpublishedEpisodes} not
      </Figure>
      <Figure name="Success rate" value={`${successRate} %`}>
        episodes of all videos
      </Figure>
      <Figure name="Active jobs" value={String(activeJobs)}>
        at work or in line
      </Figure>
      <Figure name="Failed jobs" value={String(failedJobs)}>
        cancelled ones too
      </Figure>
    </dl>
  );
}
