import type { EventView } from "#records/calendars/events.ts";
import { formatDay } from "./days.ts";
import type { Day } from "./days.ts";
import { CalendarEventCard } from "./event-card.tsx";
import { daysWith } from "./week-layout.ts";

interface AgendaProps {
  events: readonly EventView[];
  first: Day;
  today: Day;
  zone: string;
  now: Date;
}

/** Seven days as lists of cards; days without events are left out. */
export function Agenda({ events, first, today, zone, now }: AgendaProps) {
  const days = daysWith(events, first, zone).filter((each) => each.events.length > 0);
  if (days.length === 0) return <p className="panel px-6 py-12 text-center text-soft">Nothing in these seven days.</p>;
  return (
    <div className="space-y-8">
      {days.map(({ day, events }) => (
        <section key={day} aria-labelledby={`day-${day}`} className="space-y-3">
          <h2 id={`day-${day}`} className="text-xl">
            {formatDay(day)}
            {day === today ? <span className="ml-3 font-sans text-sm font-normal text-accent">Today</span> : null}
          </h2>
          <ul className="panel divide-y divide-line">
            {events.map((event) => (
              <li key={event.id}>
                <CalendarEventCard event={event} zone={zone} now={now} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
