import { ArrowLeft, Trash2 } from "lucide-react";
import { Link, href } from "react-router";
import { isWorthRetrying } from "#domain/failure.ts";
import type { RecordingData } from "../../pages/recordings/recording-data.ts";
import { heardSpeakers } from "../conversation/heard-speakers.ts";
import { AnalyseDialog } from "../conversation/analyse-dialog.tsx";
import { EditableTitle } from "../conversation/title.tsx";
import { isOver } from "../runs/run-labels.ts";
import { StatusBadge } from "../runs/status-badge.tsx";
import { IconButton } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { bytes, clock, plural } from "../ui/format.ts";
import { Time } from "../ui/time.tsx";
import { RecordedAt } from "./recorded-at.tsx";
import { ExportMenu } from "./recording-menu.tsx";
import { TranscribeDialog } from "./transcribe-dialog.tsx";

/** What a recording is called, what is known of it, and what can be done with it. */
export function RecordingHeading({ recording }: { recording: RecordingData }) {
  const { run, video, canWrite } = recording;
  // Of a file that cannot be read another reading comes to the same.
  const canTranscribe =
    video === null && run !== null && isOver(run.status) && (run.error === null || isWorthRetrying(run.error.code));
  return (
    <header className="space-y-3">
      {video === null ? null : (
        <Link to={href("/podcasts/:id", { id: video.channel.id })} className="link inline-flex items-center gap-1.5">
          <ArrowLeft size={15} aria-hidden="true" /> <span className="sr-only">Channel: </span>
          {video.channel.title}
        </Link>
      )}
      <EditableTitle title={recording.title} canWrite={canWrite} />
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <Facts recording={recording} />
        <div className="flex flex-wrap items-center gap-2">
          {canWrite && recording.analysis !== null ? <AnalyseDialog /> : null}
          {canWrite && canTranscribe ? (
            <TranscribeDialog languages={recording.languages} language={recording.language} />
          ) : null}
          {recording.segments.length > 0 ? <ExportMenu id={recording.id} /> : null}
          {canWrite ? <Delete isVideo={video !== null} /> : null}
        </div>
      </div>
    </header>
  );
}

function Facts({ recording }: { recording: RecordingData }) {
  const { run, video, file, canWrite } = recording;
  const speakers = heardSpeakers(recording.speakers, recording.segments);
  return (
    <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-soft">
      {run === null ? null : <StatusBadge status={run.status} cancelRequested={run.cancelRequested} />}
      {file === null || file.seconds === null ? null : <span className="figures">{clock(file.seconds)}</span>}
      {speakers.length === 0 ? null : <span>{plural(speakers.length, "speaker")}</span>}
      {video === null ? (
        <RecordedAt recordedAt={recording.recordedAt} uploadedAt={recording.createdAt} canWrite={canWrite} />
      ) : video.publishedAt === null ? null : (
        <span>
          Published <Time at={video.publishedAt} />
        </span>
      )}
      {video?.episode ? (
        <Link
          to={href("/podcasts/:id/episodes/:episodeId", { id: video.channel.id, episodeId: video.episode.id })}
          className="link"
        >
          Its episode
        </Link>
      ) : null}
      <span className="max-w-full truncate">
        {file === null ? "Its file was not fetched yet" : `${file.name}, ${bytes(file.bytes)}`}
      </span>
    </p>
  );
}

function Delete({ isVideo }: { isVideo: boolean }) {
  const what = isVideo ? "episode" : "recording";
  return (
    <Confirm
      trigger={
        <IconButton label={`Delete the ${what}`}>
          <Trash2 size={17} aria-hidden="true" />
        </IconButton>
      }
      title={`Delete this ${what}?`}
      action="Delete it for good"
      fields={{ intent: "delete" }}
    >
      The file, its transcript, every summary and all action items are deleted for everyone in the workspace.
      {isVideo ? " Its channel does not make it anew." : ""} This cannot be undone.
    </Confirm>
  );
}
