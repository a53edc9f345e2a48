import { Link, href } from "react-router";
import type { LogView } from "#records/calendars/logs.ts";
import { Moment } from "../meetings/starts-in.tsx";
import { Time } from "../ui/time.tsx";
import { causeLabels, titleOf } from "./calendar-labels.ts";
import { DecisionMark } from "./decision-mark.tsx";

interface DecisionListProps {
  label: string;
  decisions: readonly LogView[];
  /** Whether it is said which event each is about. */
  namesEvents?: boolean;
}

/** Decisions with their reason and what made them be taken, the newest first. */
export function DecisionList({ label, decisions, namesEvents = false }: DecisionListProps) {
  return (
    <ul aria-label={label} className="panel divide-y divide-line">
      {decisions.map((decision) => (
        <li key={decision.id} className="space-y-1 px-4 py-3.5 sm:px-5">
          {namesEvents ? (
            <p className="flex flex-wrap items-baseline gap-x-3">
              <EventName decision={decision} />
              <span className="text-sm text-soft">
                <Moment at={decision.start} />
              </span>
            </p>
          ) : null}
          <DecisionMark {...decision} />
          <p className="text-sm text-soft">
            {causeLabels[decision.cause]} · <Time at={decision.at} />
          </p>
        </li>
      ))}
    </ul>
  );
}

function EventName({ decision }: { decision: LogView }) {
  const { eventId } = decision;
  const words = titleOf(decision);
  if (eventId === null) return <span className="font-medium">{words}</span>;
  return (
    <Link to={href("/calendar/events/:id", { id: eventId })} className="font-medium hover:underline">
      {words}
    </Link>
  );
}
