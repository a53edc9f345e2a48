import { NavLink, href } from "react-router";

const tabs = [
  { to: href("/calendar"), words: "Calendar" },
  { to: href("/calendar/rules"), words: "Rules" },
  { to: href("/calendar/connections"), words: "Connections" },
  { to: href("/calendar/log"), words: "Log" },
];

/** The pages of the calendar. */
export function CalendarTabs() {
  return (
    <nav aria-label="Calendar" className="mb-6 border-b border-line">
      <ul className="-mb-px flex flex-wrap gap-x-1">
        {tabs.map(({ to, words }) => (
          <li key={to}>
            <NavLink
              to={to}
              end
              className="inline-flex min-h-11 items-center border-b-2 border-transparent px-3 text-sm text-soft hover:text-ink aria-[current]:border-accent aria-[current]:font-semibold aria-[current]:text-accent-strong"
            >
              {words}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
