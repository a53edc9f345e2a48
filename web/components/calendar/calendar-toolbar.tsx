import { ChevronLeft, ChevronRight } from "lucide-react";
import { Fragment } from "react";
import type { ReactNode } from "react";
import { Link, useSearchParams } from "react-router";
import { buttonClass } from "../ui/button.tsx";
import { addDays } from "./days.ts";
import type { Day } from "./days.ts";

const chip =
  "inline-flex min-h-9 items-center rounded-full px-3 text-sm text-soft hover:bg-sunken aria-[current]:bg-accent-wash aria-[current]:font-semibold aria-[current]:text-accent-strong";

const views = [
  { name: "agenda", words: "Agenda", byDefault: "lg:hidden", otherwise: "max-lg:hidden" },
  { name: "week", words: "Week", byDefault: "max-lg:hidden", otherwise: "lg:hidden" },
];

interface ToolbarProps {
  /** The first day that is shown. */
  from: Day;
  calendars: readonly { id: string; name: string }[];
}

/** The way through time, between both views, and to one calendar; all of it in the address. */
export function CalendarToolbar({ from, calendars }: ToolbarProps) {
  const [params] = useSearchParams();
  const [view, chosen] = [params.get("view"), params.get("calendar")];
  const to = (name: string, value: string | null) => {
    const next = new URLSearchParams(params);
    if (value === null) next.delete(name);
    else next.set(name, value);
    return `?${next}`;
  };
  return (
    <div className="mb-6 flex flex-wrap items-center gap-x-6 gap-y-3">
      <nav aria-label="Weeks" className="flex items-center gap-1">
        <Step to={to("from", addDays(from, -7))} label="Previous week">
          <ChevronLeft size={18} aria-hidden="true" />
        </Step>
        <Link to={to("from", null)} preventScrollReset className={buttonClass("plain")}>
          Today
        </Link>
        <Step to={to("from", addDays(from, 7))} label="Next week">
          <ChevronRight size={18} aria-hidden="true" />
        </Step>
      </nav>
      <ul aria-label="Show as" className="flex gap-1">
        {views.map(({ name, words, byDefault, otherwise }) => {
          const link = (isShown: boolean) => (
            <Link to={to("view", name)} preventScrollReset aria-current={isShown ? "true" : undefined} className={chip}>
              {words}
            </Link>
          );
          // Where nobody chose, the width of the window did.
          return view !== null ? (
            <li key={name}>{link(view === name)}</li>
          ) : (
            <Fragment key={name}>
              <li className={byDefault}>{link(true)}</li>
              <li className={otherwise}>{link(false)}</li>
            </Fragment>
          );
        })}
      </ul>
      {calendars.length < 2 ? null : (
        <ul aria-label="Show only" className="flex min-w-0 flex-wrap gap-1">
          {[{ id: null, name: "All calendars" }, ...calendars].map(({ id, name }) => (
            <li key={id} className="min-w-0">
              <Link
                to={to("calendar", id)}
                preventScrollReset
                aria-current={chosen === id ? "true" : undefined}
                className={`${chip} max-w-full`}
              >
                <span className="truncate">{name}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Step({ to, label, children }: { to: string; label: string; children: ReactNode }) {
  return (
    <Link
      to={to}
      preventScrollReset
      aria-label={label}
      title={label}
      className="inline-grid size-10 place-items-center rounded-lg text-soft hover:bg-sunken hover:text-ink"
    >
      {children}
    </Link>
  );
}
