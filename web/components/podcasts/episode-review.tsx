import { ArrowLeft } from "lucide-react";
import { Link, href } from "react-router";
import type { EpisodeReview } from "#records/channels/review-page.ts";
import { useCitations } from "../conversation/citations.ts";
import { PlayerProvider, useNewPlayer } from "../conversation/player.ts";
import { TranscriptSection } from "../conversation/transcript-section.tsx";
import { AudioPlayer } from "../recording/audio-player.tsx";
import { clock } from "../ui/format.ts";
import { PageHeader } from "../ui/page-header.tsx";
import { Time } from "../ui/time.tsx";
import { isOver } from "../runs/run-labels.ts";
import { BorderHandles } from "./border-handles.tsx";
import { CutEditor } from "./cut-editor.tsx";
import { EpisodeActions } from "./episode-actions.tsx";
import { EpisodeReasons } from "./episode-reasons.tsx";
import { EpisodeState } from "./episode-state.tsx";
import { RemovedAudio } from "./retention-fields.tsx";
import { useBorders } from "./use-borders.ts";

/** An episode as a person decides on it: the file with its words, what was judged of it, and what listeners get. */
export function EpisodeReviewView({ review }: { review: EpisodeReview }) {
  const { episode, channel, source, segments, speakers, canWrite, decision, cut } = review;
  const player = useNewPlayer();
  const { cite, cited } = useCitations(segments, player);
  const seconds = source?.seconds ?? 0;
  const now =
    decision === null ? { from: 0, to: seconds } : { from: decision.startMs / 1000, to: decision.endMs / 1000 };
  const movable = useBorders(now, episode.revision);
  const isAtWork = cut !== null && !isOver(cut.status);
  return (
    <PlayerProvider value={player}>
      <div className="mx-auto max-w-6xl space-y-6">
        <div className="space-y-3">
          <Link to={href("/podcasts/:id", { id: channel.id })} className="link inline-flex items-center gap-1.5">
            <ArrowLeft size={15} aria-hidden="true" /> <span className="sr-only">Channel: </span>
            {channel.title}
          </Link>
          <PageHeader title={episode.title} lead={<Facts review={review} />}>
            {canWrite ? <EpisodeActions episode={episode} /> : null}
          </PageHeader>
        </div>
        {source === null ? null : (
          <AudioPlayer id={episode.videoId} {...source} kept={movable.borders}>
            {canWrite && !isAtWork ? <BorderHandles {...movable} seconds={source.seconds} /> : null}
          </AudioPlayer>
        )}
        {source === null || !canWrite ? null : (
          <CutEditor
            movable={movable}
            seconds={source.seconds}
            cut={cut}
            isAtWork={isAtWork}
            isGone={episode.audioRemovedAt !== null}
          />
        )}
        <div className="grid gap-x-12 gap-y-10 lg:grid-cols-[minmax(0,1fr)_minmax(0,26rem)]">
          <div className="min-w-0 space-y-10 lg:order-2">
            <EpisodeReasons review={review} cite={cite} playFrom={player.playFrom} />
            <section aria-labelledby="sound" className="space-y-3">
              <h2 id="sound" className="text-2xl">
                As listeners get it
              </h2>
              <RemovedAudio episode={episode} />
              {episode.audioRemovedAt === null ? (
                <audio
                  controls
                  preload="none"
                  // Its address is the same for each revision.
                  key={episode.revision}
                  src={`/api/episodes/${episode.id}/audio`}
                  aria-label="Play the episode"
                  className="h-10 w-full"
                />
              ) : null}
              {decision?.chaptersNote ? <p className="text-sm text-soft">{decision.chaptersNote}</p> : null}
            </section>
          </div>
          <TranscriptSection
            segments={segments}
            speakers={speakers}
            cited={cited}
            isLive={false}
            isPlayable={source !== null}
            silence="There is no transcript."
          />
        </div>
      </div>
    </PlayerProvider>
  );
}

function Facts({ review: { episode, originalRemovedAt } }: { review: EpisodeReview }) {
  const { videoId, durationSeconds, originalDate, createdAt } = episode;
  return (
    <span className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <EpisodeState episode={episode} />
      <span className="figures">{clock(durationSeconds)}</span>
      <Time at={originalDate ?? createdAt} />
      <Link to={href("/recordings/:id", { id: videoId })} className="link">
        Summary and exports
      </Link>
      {originalRemovedAt === null ? null : (
        <span>
          The file as it was fetched was removed <Time at={originalRemovedAt} />
        </span>
      )}
    </span>
  );
}
