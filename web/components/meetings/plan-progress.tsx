import { Circle, CircleCheck, CircleDot } from "lucide-react";
import { Link, href } from "react-router";
import type { ProgressEntry } from "#domain/plan.ts";
import { Evidence } from "../conversation/evidence.tsx";
import type { Cite } from "../conversation/evidence.tsx";

type Goal = ProgressEntry["goals"][number];

interface PlanProgressProps {
  plan: readonly ProgressEntry[];
  /** The session that this meeting was for. */
  sessionName: string | null;
  meetingId: string;
  cite: Cite;
}

/** How far the agent's plan is: every session with its goals, and the words that show what is covered. */
export function PlanProgress({ plan, sessionName, meetingId, cite }: PlanProgressProps) {
  if (plan.length === 0) return null;
  const done = plan.filter(({ status }) => status === "completed").length;
  return (
    <section aria-labelledby="plan" className="space-y-4">
      <h2 id="plan" className="flex items-baseline gap-3 text-2xl">
        Plan
        <span className="font-sans text-sm font-normal text-soft">
          {done} of {plan.length} sessions done
        </span>
      </h2>
      <ol className="space-y-5">
        {plan.map((entry) => (
          <li key={entry.session_name} className="space-y-2">
            <h3 className="flex items-start gap-2 font-semibold">
              <SessionIcon status={entry.status} />
              <span>
                {entry.session_name}
                <span className="font-normal text-soft">
                  {" "}
                  · {statusLabels[entry.status]}
                  {entry.session_name === sessionName ? ", this meeting" : ""}
                </span>
              </span>
            </h3>
            <ul className="space-y-1.5 pl-7">
              {entry.goals.map((goal) => (
                <li key={goal.text} className={goal.covered ? "" : "text-soft"}>
                  <span className="sr-only">{goal.covered ? "Covered: " : "Not covered yet: "}</span>
                  {goal.text} <GoalEvidence goal={goal} meetingId={meetingId} cite={cite} />
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
    </section>
  );
}

const statusLabels: Record<ProgressEntry["status"], string> = {
  pending: "to come",
  partial: "begun",
  completed: "done",
};

function SessionIcon({ status }: { status: ProgressEntry["status"] }) {
  const props = { size: 20, "aria-hidden": true } as const;
  if (status === "completed") return <CircleCheck {...props} className="mt-0.5 shrink-0 text-accent" />;
  if (status === "partial") return <CircleDot {...props} className="mt-0.5 shrink-0 text-warn" />;
  return <Circle {...props} className="mt-0.5 shrink-0 text-soft" />;
}

function GoalEvidence({ goal, meetingId, cite }: { goal: Goal; meetingId: string; cite: Cite }) {
  if (!goal.covered) return null;
  if (goal.meetingId === null || goal.meetingId === meetingId) return <Evidence ids={goal.segmentIds} {...cite} />;
  return (
    <Link to={href("/meetings/:id", { id: goal.meetingId })} className="link text-sm whitespace-nowrap">
      in an earlier session
    </Link>
  );
}
