import { Link, href } from "react-router";
import type { EpisodeView } from "#records/channels/episodes.ts";
import { clock, plural } from "../ui/format.ts";
import { NumberPager } from "../ui/number-pager.tsx";
import { Time } from "../ui/time.tsx";
import { EpisodeActions } from "./episode-actions.tsx";
import { EpisodeState } from "./episode-state.tsx";
import { RemovedAudio } from "./retention-fields.tsx";
import { ReviewDeadline } from "./review-deadline.tsx";

interface EpisodesListProps {
  /** A page of them, newest first. */
  episodes: readonly EpisodeView[];
  total: number;
  page: number;
  totalPages: number;
  canWrite: boolean;
}

/** What the channel's videos became, published or not, each to be heard. */
export function EpisodesList({ episodes, total, page, totalPages, canWrite }: EpisodesListProps) {
  return (
    <section aria-labelledby="episodes" className="space-y-3">
      <h2 id="episodes" className="text-xl">
        Episodes
      </h2>
      {total === 0 ? (
        <p className="panel p-5 text-soft">No episode yet. Each appears here as soon as its job is done.</p>
      ) : (
        <ul aria-label={plural(total, "episode")} className="panel divide-y divide-line">
          {episodes.map((episode) => (
            <li key={episode.id} className="space-y-2.5 px-4 py-4 sm:px-5">
              <Episode episode={episode} canWrite={canWrite} />
            </li>
          ))}
        </ul>
      )}
      <NumberPager name="episodes" label="Pages of episodes" page={page} totalPages={totalPages} />
    </section>
  );
}

function Episode({ episode, canWrite }: { episode: EpisodeView; canWrite: boolean }) {
  const { id, channelId, videoId, title, published, reason, durationSeconds, originalDate, createdAt, audioRemovedAt } =
    episode;
  return (
    <>
      <div className="flex flex-wrap items-baseline justify-between gap-x-3 gap-y-1">
        <Link
          to={href("/podcasts/:id/episodes/:episodeId", { id: channelId, episodeId: id })}
          dir="auto"
          className="min-w-0 font-semibold break-words hover:underline"
        >
          {title}
        </Link>
        <EpisodeState episode={episode} />
      </div>
      {published || reason === "" ? null : <p className="text-sm text-soft">{reason}.</p>}
      <ReviewDeadline episode={episode} />
      <p className="flex flex-wrap gap-x-3 text-sm text-soft">
        <span className="figures">{clock(durationSeconds)}</span>
        <Time at={originalDate ?? createdAt} />
        <Link to={href("/recordings/:id", { id: videoId })} className="link">
          Transcript and summary<span className="sr-only"> of {title}</span>
        </Link>
      </p>
      {audioRemovedAt === null ? (
        <audio
          controls
          preload="none"
          src={`/api/episodes/${id}/audio`}
          aria-label={`Play ${title}`}
          className="h-10 w-full"
        />
      ) : (
        <RemovedAudio episode={episode} />
      )}
      {canWrite ? <EpisodeActions episode={episode} /> : null}
    </>
  );
}
