import { Link, href, useFetcher } from "react-router";
import { isWorthRetrying } from "#domain/failure.ts";
import type { JobView } from "#records/channels/jobs.ts";
import type { ChannelAnswer } from "../../pages/podcasts/channel-actions.ts";
import { Button } from "../ui/button.tsx";
import { Progress } from "../ui/progress.tsx";
import { Time } from "../ui/time.tsx";
import { jobStageWords, progressWords } from "./job-labels.ts";

/** What a card shows of a job (D-30); a failed one also says why, and is started again from here. */
export type JobCardJob = Pick<JobView, "id" | "videoTitle" | "status" | "stage" | "progress" | "createdAt"> &
  Partial<Pick<JobView, "videoId" | "error">>;

export function JobCard({ job, canWrite = false }: { job: JobCardJob; canWrite?: boolean }) {
  const { videoId, videoTitle, status, stage, progress, createdAt, error } = job;
  const isCancelled = error?.code === "cancelled";
  const words = status !== "failed" ? jobStageWords[stage] : isCancelled ? "Cancelled" : jobStageWords.failed;
  return (
    <div className="space-y-2">
      <div className="flex flex-wrap items-baseline justify-between gap-x-3 gap-y-1">
        <p className="min-w-0 font-semibold break-words">
          {videoId ? (
            <Link to={href("/recordings/:id", { id: videoId })} className="hover:underline">
              {videoTitle}
            </Link>
          ) : (
            videoTitle
          )}
        </p>
        <p className={`text-sm font-medium ${status === "failed" && !isCancelled ? "text-danger" : "text-soft"}`}>
          {words}
        </p>
      </div>
      <Progress percent={progress} label={`How far ${videoTitle} came`} words={progressWords(job)} />
      <p className="flex flex-wrap justify-between gap-x-3 text-sm text-soft">
        <span>
          Started <Time at={createdAt} exact />
        </span>
        <span className="figures">{progress} %</span>
      </p>
      {error ? <Failure job={job} error={error} canWrite={canWrite} /> : null}
    </div>
  );
}

interface FailureProps {
  job: JobCardJob;
  error: NonNullable<JobView["error"]>;
  canWrite: boolean;
}

function Failure({ job: { id, videoTitle, stage }, error: { code, message }, canWrite }: FailureProps) {
  const fetcher = useFetcher<ChannelAnswer>();
  const canRetry = canWrite && (code === "cancelled" || isWorthRetrying(code));
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-2 text-sm">
      <p className={`min-w-0 flex-1 basis-48 ${code === "cancelled" ? "text-soft" : "text-danger"}`}>
        {message} <span className="text-soft">At “{jobStageWords[stage]}”.</span>
      </p>
      {canRetry ? (
        <fetcher.Form method="post">
          <input type="hidden" name="intent" value="retry" />
          <input type="hidden" name="jobId" value={id} />
          <Button type="submit" disabled={fetcher.state !== "idle"}>
            Retry<span className="sr-only"> {videoTitle}</span>
          </Button>
        </fetcher.Form>
      ) : null}
      {fetcher.data?.message ? (
        <p role="alert" className="basis-full text-danger">
          {fetcher.data.message}
        </p>
      ) : null}
    </div>
  );
}
