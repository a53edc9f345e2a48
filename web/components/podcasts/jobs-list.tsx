import type { JobView } from "#records/channels/jobs.ts";
import { focusHome, useKeptFocus } from "../ui/kept-focus.ts";
import { NumberPager } from "../ui/number-pager.tsx";
import { plural } from "../ui/format.ts";
import { JobCard } from "./job-card.tsx";

interface JobsListProps {
  /** A page of them, newest first. */
  jobs: readonly JobView[];
  total: number;
  page: number;
  totalPages: number;
  /** Those at work, as they stand now. */
  active: readonly JobView[];
  canWrite: boolean;
}

/** All jobs that the channel ever had, page by page. */
export function JobsList({ jobs, total, page, totalPages, active, canWrite }: JobsListProps) {
  const now = new Map(active.map((job) => [job.id, job]));
  const kept = useKeptFocus<HTMLElement>();
  return (
    <section aria-labelledby="jobs" className="space-y-3" {...kept}>
      <h2 id="jobs" {...focusHome} className="text-xl">
        All jobs
      </h2>
      {total === 0 ? (
        <p className="panel p-5 text-soft">No video was put in line yet.</p>
      ) : (
        <ul aria-label={plural(total, "job")} className="panel divide-y divide-line">
          {jobs.map((job) => (
            <li key={job.id} className="px-4 py-4 sm:px-5">
              <JobCard job={{ ...job, ...now.get(job.id), createdAt: job.createdAt }} canWrite={canWrite} />
            </li>
          ))}
        </ul>
      )}
      <NumberPager name="jobs" label="Pages of jobs" page={page} totalPages={totalPages} />
    </section>
  );
}
