import { useState } from "react";
import { useFetcher } from "react-router";
import type { ChannelAnswer } from "../../pages/podcasts/channel-actions.ts";
import type { ChannelData } from "../../pages/podcasts/channel-data.ts";
import { Button } from "../ui/button.tsx";
import { clock } from "../ui/format.ts";
import { focusHome, useKeptFocus } from "../ui/kept-focus.ts";
import { Time } from "../ui/time.tsx";

type Video = ChannelData["idle"]["videos"][number];

/** More than these would push the rest of the page away, so they are shown on demand. */
const mostOpen = 5;

/** What the source holds that has no job: not begun, waiting for room, or skipped with the reason. */
export function IdleVideos({ videos, total, canWrite }: ChannelData["idle"] & { canWrite: boolean }) {
  const [isOpen, setOpen] = useState(total <= mostOpen);
  const kept = useKeptFocus<HTMLElement>();
  return (
    <section aria-labelledby="idle" {...kept}>
      <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)} className="space-y-3">
        <summary className="min-h-9">
          <h2 id="idle" {...focusHome} className="inline text-xl">
            Not begun <span className="figures text-soft">({total})</span>
          </h2>
        </summary>
        {total === 0 ? (
          <p className="panel p-5 text-soft">All that the source holds was put in line, or it was not read yet.</p>
        ) : (
          <ul aria-labelledby="idle" className="panel divide-y divide-line">
            {videos.map((video) => (
              <li key={video.id} className="px-4 py-3 sm:px-5">
                <IdleVideo video={video} canWrite={canWrite} />
              </li>
            ))}
          </ul>
        )}
        {total > videos.length ? <p className="text-sm text-soft">The newest {videos.length} are shown.</p> : null}
      </details>
    </section>
  );
}

function IdleVideo({ video, canWrite }: { video: Video; canWrite: boolean }) {
  const { id, title, publishedAt, durationSeconds, state, reason, pageUrl } = video;
  const fetcher = useFetcher<ChannelAnswer>();
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-medium break-words">
          {pageUrl === null ? (
            title
          ) : (
            <a href={pageUrl} target="_blank" rel="noopener noreferrer" className="hover:underline">
              {title}
            </a>
          )}
        </p>
        <p className="flex flex-wrap gap-x-3 text-sm text-soft">
          {publishedAt === null ? null : <Time at={publishedAt} />}
          {durationSeconds === null ? null : <span className="figures">{clock(durationSeconds)}</span>}
          {state === "waiting" ? <span>{reason}</span> : null}
          {state === "skipped" ? <span>Skipped: {reason || "its channel's filters leave it out"}</span> : null}
        </p>
      </div>
      {canWrite ? (
        <fetcher.Form method="post">
          <input type="hidden" name="intent" value="makeEpisode" />
          <input type="hidden" name="videoId" value={id} />
          <Button type="submit" disabled={fetcher.state !== "idle"}>
            Make an episode<span className="sr-only"> of {title}</span>
          </Button>
        </fetcher.Form>
      ) : null}
      {fetcher.data?.message ? (
        <p role="alert" className="basis-full text-sm text-danger">
          {fetcher.data.message}
        </p>
      ) : null}
    </div>
  );
}
