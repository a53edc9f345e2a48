import { CirclePause, CirclePlay, RefreshCw, Trash2 } from "lucide-react";
import { useFetcher } from "react-router";
import type { ChannelAnswer } from "../../pages/podcasts/channel-actions.ts";
import type { ChannelData } from "../../pages/podcasts/channel-data.ts";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { plural } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { AddVideo } from "./add-video.tsx";
import { ChannelFiles } from "./channel-files.tsx";
import { ChannelSettings } from "./channel-settings.tsx";
import { CheckWords } from "./check-status.tsx";

type Channel = ChannelData["channel"];
type HeadProps = Pick<ChannelData, "channel" | "stats" | "languages" | "canWrite" | "uploads">;

/** What the channel is, how reading it goes, and what can be done with it. */
export function ChannelHead({ channel, stats, languages, canWrite, uploads }: HeadProps) {
  const { id, title, description, check, paused, cover } = channel;
  return (
    <div className="space-y-4">
      <PageHeader title={title} lead={<Source channel={channel} />}>
        {canWrite ? (
          <>
            {uploads === null ? <Ask channel={channel} /> : <AddVideo channelId={id} {...uploads} />}
            <ChannelSettings channel={channel} languages={languages} />
            <ChannelFiles channel={channel} />
            <DeleteChannel channel={channel} stats={stats} />
          </>
        ) : null}
      </PageHeader>
      {description === "" && cover === null ? null : (
        <div className="flex items-start gap-4">
          {cover === null ? null : (
            <img
              src={`/api/channels/${id}/cover?v=${cover.id}`}
              alt="Cover of the podcast"
              className="size-24 shrink-0 rounded-lg border border-line"
            />
          )}
          <p className="line-clamp-3 max-w-3xl min-w-0 text-soft">{description}</p>
        </div>
      )}
      {check.problem === null ? null : (
        <Notice kind={paused ? "info" : "bad"}>
          <p>{check.problem.message}</p>
        </Notice>
      )}
    </div>
  );
}

function Source({ channel: { siteUrl, shownUrl, paused, check } }: { channel: Channel }) {
  const address = shownUrl ?? "Own files";
  return (
    <span className="flex flex-wrap gap-x-4 gap-y-1">
      {siteUrl === null ? (
        <span className="break-all">{address}</span>
      ) : (
        <a href={siteUrl} target="_blank" rel="noopener noreferrer" className="link break-all">
          {address}
        </a>
      )}
      <span role="status">
        <CheckWords paused={paused} check={check} />
      </span>
    </span>
  );
}

/** The buttons that have the source looked at, or left alone. */
function Ask({ channel: { paused, check } }: { channel: Channel }) {
  const fetcher = useFetcher<ChannelAnswer>();
  const isBusy = fetcher.state !== "idle";
  const isLooking = check.state === "running" || check.state === "waiting";
  return (
    <fetcher.Form method="post" className="contents">
      <Button type="submit" name="intent" value="checkNow" disabled={isBusy || isLooking}>
        <RefreshCw size={16} aria-hidden="true" /> Look now
      </Button>
      <Button type="submit" name="intent" value={paused ? "resume" : "pause"} disabled={isBusy}>
        {paused ? <CirclePlay size={16} aria-hidden="true" /> : <CirclePause size={16} aria-hidden="true" />}
        {paused ? "Resume" : "Pause"}
      </Button>
    </fetcher.Form>
  );
}

function DeleteChannel({ channel: { title, source }, stats }: Pick<HeadProps, "channel" | "stats">) {
  const { totalVideos, totalEpisodes, activeJobs } = stats;
  return (
    <Confirm
      trigger={
        <Button look="danger">
          <Trash2 size={16} aria-hidden="true" /> Delete
        </Button>
      }
      title={`Delete ${title}?`}
      action="Delete it for good"
      fields={{ intent: "delete" }}
    >
      {plural(totalEpisodes, "episode")}, the transcripts and summaries of {plural(totalVideos, "video")} and all files
      made of them are deleted for everyone in the workspace
      {activeJobs === 0
        ? ""
        : `, and ${plural(activeJobs, "job")} at work ${activeJobs === 1 ? "is" : "are"} stopped`}.{" "}
      {source === "upload" ? "" : "The source itself stays as it is. "}This cannot be undone.
    </Confirm>
  );
}
