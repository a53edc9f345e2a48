import type { ReactNode } from "react";
import { Link, href } from "react-router";
import type { JobView } from "#records/channels/jobs.ts";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { focusHome, useKeptFocus } from "../ui/kept-focus.ts";
import { Progress } from "../ui/progress.tsx";
import { jobStageWords, progressWords } from "./job-labels.ts";

interface ActiveJobsPanelProps {
  jobs: readonly JobView[];
  canWrite: boolean;
  channel: { source: string; paused: boolean };
  /** What holds them up, where it is one thing for all. */
  children: ReactNode;
}

/** The jobs that are worked on now, each as it stands at this moment. */
export function ActiveJobsPanel({ jobs, canWrite, channel, children }: ActiveJobsPanelProps) {
  const kept = useKeptFocus<HTMLElement>();
  return (
    <section aria-labelledby="active-jobs" className="space-y-3" {...kept}>
      <h2 id="active-jobs" {...focusHome} className="text-xl">
        Active jobs
      </h2>
      {children}
      {jobs.length === 0 ? (
        <p className="panel p-5 text-soft">Nothing is being processed. {nextWords(channel)}</p>
      ) : (
        <ul aria-labelledby="active-jobs" className="space-y-3">
          {jobs.map((job) => (
            <li key={job.id} className="panel animate-glow space-y-3 p-4 sm:p-5">
              <ActiveJob job={job} canWrite={canWrite} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function ActiveJob({ job, canWrite }: { job: JobView; canWrite: boolean }) {
  const { id, videoId, videoTitle, stage, progress, message, cancelRequested } = job;
  return (
    <>
      <div className="flex items-baseline justify-between gap-3">
        <Link
          to={href("/recordings/:id", { id: videoId })}
          className="min-w-0 font-serif text-lg leading-snug font-semibold break-words hover:underline"
        >
          {videoTitle}
        </Link>
        <span className="figures text-sm whitespace-nowrap">{progress} %</span>
      </div>
      <Progress percent={progress} label={`Progress of ${videoTitle}`} words={progressWords(job)} />
      <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-2 text-sm">
        <p className="min-w-0">
          <span className="font-medium">{jobStageWords[stage]}</span>
          <span className="block text-soft">{message}</span>
        </p>
        {canWrite && !cancelRequested ? (
          <Confirm
            trigger={
              <Button>
                Cancel<span className="sr-only"> the job of {videoTitle}</span>
              </Button>
            }
            title="Cancel this job?"
            action="Cancel the job"
            decline="Let it go on"
            fields={{ intent: "cancel", jobId: id }}
          >
            “{videoTitle}” does not become an episode. What was done of it is kept, and it can be started again from
            where it stopped.
          </Confirm>
        ) : null}
      </div>
    </>
  );
}

function nextWords({ source, paused }: ActiveJobsPanelProps["channel"]): string {
  if (source === "upload") return "What is added next starts here.";
  return paused ? "The channel is paused: nothing new starts." : "What the channel publishes next starts here.";
}
