import { CalendarPlus, Lock } from "lucide-react";
import { Link, href } from "react-router";
import { buttonClass } from "../ui/button.tsx";

const steps = [
  [
    "Connect a calendar",
    "With your Google or Microsoft account where that is set up here, by its iCal address, or as a file.",
  ],
  ["Set your rules", "Which meetings are to be recorded, and which never."],
  ["Done", "Each event says what is decided about it, and why."],
] as const;

/** What the calendar says while there is none: three steps, and who sees what. */
export function NoCalendars() {
  return (
    <div className="panel flex flex-col items-center gap-8 px-6 py-14 text-center">
      <div className="max-w-md space-y-2">
        <h2 className="text-2xl">Your meetings, found by themselves</h2>
        <p className="text-soft">Connect your calendar, and say once which of its meetings are to be recorded.</p>
      </div>
      <ol className="grid w-full max-w-2xl gap-4 text-left sm:grid-cols-3">
        {steps.map(([title, words], index) => (
          <li key={title} className="flex gap-3 sm:flex-col">
            <span
              aria-hidden="true"
              className="figures grid size-8 shrink-0 place-items-center rounded-full bg-accent-wash text-sm font-semibold text-accent-strong"
            >
              {index + 1}
            </span>
            <span>
              <span className="block font-semibold">{title}</span>
              <span className="text-sm text-soft">{words}</span>
            </span>
          </li>
        ))}
      </ol>
      <Link to={href("/calendar/connections")} className={buttonClass("primary")}>
        <CalendarPlus size={16} aria-hidden="true" /> Connect a calendar
      </Link>
      <Privacy />
    </div>
  );
}

export const Privacy = () => (
  <p className="flex items-start gap-2 text-sm text-soft">
    <Lock size={15} aria-hidden="true" className="mt-0.5 shrink-0" />
    Only you see your calendar and its events. Whoever is in a workspace sees the recordings that go there.
  </p>
);
