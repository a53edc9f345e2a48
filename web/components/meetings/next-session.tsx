import { ArrowLeft, ArrowRight } from "lucide-react";
import { Link, href, useFetcher } from "react-router";
import { findNextSession } from "#domain/plan.ts";
import type { MeetingData } from "../../pages/meetings/meeting-data.ts";
import { Button } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";

/** Whether the next session of the plan is still on its way. */
export const awaitsNextSession = ({ next, nextProblem, plan, run }: MeetingData): boolean =>
  run.status === "completed" && next === null && nextProblem === null && findNextSession([...plan]) !== null;

/** Where the plan goes on from this meeting, and where it came from. */
export function NextSession({ meeting }: { meeting: MeetingData }) {
  const { previous, next, nextProblem, plan, canWrite } = meeting;
  return (
    <nav aria-label="Sessions of the plan" className="space-y-3">
      {nextProblem === null ? null : <NextProblem problem={nextProblem} canWrite={canWrite} />}
      {next === null ? null : (
        <Link to={href("/meetings/:id", { id: next.id })} className="panel flex items-center gap-3 p-4 hover:bg-sunken">
          <span className="min-w-0 flex-1">
            <span className="block text-sm text-soft">Next session</span>
            <span className="block truncate font-semibold">{next.title}</span>
          </span>
          <ArrowRight size={18} aria-hidden="true" className="shrink-0 text-accent" />
        </Link>
      )}
      {plan.length > 0 && findNextSession([...plan]) === null ? (
        <p className="text-soft">Every session of the plan is done.</p>
      ) : null}
      {previous === null ? null : (
        <Link to={href("/meetings/:id", { id: previous.id })} className="link inline-flex items-center gap-1.5 text-sm">
          <ArrowLeft size={15} aria-hidden="true" /> Previous session: {previous.title}
        </Link>
      )}
    </nav>
  );
}

function NextProblem({ problem, canWrite }: { problem: string; canWrite: boolean }) {
  const fetcher = useFetcher<{ message: string | null }>();
  return (
    <Notice kind="warn">
      <div className="space-y-3">
        <p className="font-medium">The next session could not be created.</p>
        <p>{fetcher.data?.message ?? problem}</p>
        {canWrite ? (
          <fetcher.Form method="post">
            <input type="hidden" name="intent" value="nextSession" />
            <Button type="submit" disabled={fetcher.state !== "idle"}>
              Try to create it again
            </Button>
          </fetcher.Form>
        ) : null}
      </div>
    </Notice>
  );
}
