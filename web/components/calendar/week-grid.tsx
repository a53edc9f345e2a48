import { Popover } from "@base-ui/react/popover";
import { CircleDot, CircleSlash2 } from "lucide-react";
import { useEffect, useRef } from "react";
import type { CSSProperties } from "react";
import type { EventView } from "#records/calendars/events.ts";
import { menuPopup } from "../ui/menu-style.ts";
import { isSettled, sentenceOf, titleOf } from "./calendar-labels.ts";
import { formatDay, shortDay, wallTime } from "./days.ts";
import type { Day } from "./days.ts";
import { CalendarEventCard, formatEventTimes } from "./event-card.tsx";
import { hoursShown, weekOf } from "./week-layout.ts";
import type { Block } from "./week-layout.ts";

interface WeekProps {
  events: readonly EventView[];
  monday: Day;
  today: Day;
  zone: string;
  now: Date;
}

const hourRem = 3;
/** About what the hours at the left take, in pixels. */
const hoursWidth = 48;

/** A week by days and hours. An event opens as a card over it. */
export function WeekGrid({ events, monday, today, zone, now }: WeekProps) {
  const week = weekOf(events, monday, zone);
  const hours = hoursShown(week.flatMap(({ blocks }) => blocks));
  const topOf = (minutes: number) => `${((minutes - hours.first * 60) / 60) * hourRem}rem`;
  const height = `${(hours.last - hours.first) * hourRem}rem`;
  const nowMinutes = wallTime(now, zone).minutes;
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const column = panel.current?.querySelector<HTMLElement>('[aria-current="date"]');
    if (panel.current && column) panel.current.scrollLeft = column.offsetLeft - hoursWidth;
  }, []);
  const isNowShown = nowMinutes >= hours.first * 60 && nowMinutes <= hours.last * 60;
  return (
    // A phone has no room for seven columns that one could read or hit: there they are moved sideways.
    <div ref={panel} role="region" aria-label="Week" tabIndex={0} className="panel relative overflow-x-auto">
      <div className="flex min-w-[42rem]">
        <Hours {...hours} />
        <ol className="grid min-w-0 flex-1 grid-cols-[repeat(7,minmax(0,1fr))] grid-rows-[auto_auto_auto]">
          {week.map(({ day, above, blocks }) => (
            <li
              key={day}
              aria-current={day === today ? "date" : undefined}
              className="row-span-3 grid grid-rows-subgrid border-l border-line"
            >
              <DayHead day={day} isToday={day === today} />
              <div className="space-y-0.5 border-b border-line p-0.5 empty:p-0">
                {above.map((event) => (
                  <EventBlock key={event.id} event={event} zone={zone} now={now} className="w-full" />
                ))}
              </div>
              <div className="relative" style={{ height, ...hourLines }}>
                {blocks.map((block) => (
                  <EventBlock
                    key={block.event.id}
                    event={block.event}
                    zone={zone}
                    now={now}
                    className="absolute"
                    style={{
                      top: topOf(block.from),
                      height: `${((block.to - block.from) / 60) * hourRem}rem`,
                      ...laneOf(block),
                    }}
                  />
                ))}
                {day === today && isNowShown ? (
                  <div
                    aria-hidden="true"
                    className="pointer-events-none absolute inset-x-0 border-t-2 border-live"
                    style={{ top: topOf(nowMinutes) }}
                  />
                ) : null}
              </div>
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}

const hourLines: CSSProperties = {
  backgroundImage: "linear-gradient(var(--color-line) 1px, transparent 1px)",
  backgroundSize: `100% ${hourRem}rem`,
};

const laneOf = ({ lane, lanes }: Block<EventView>) => ({
  left: `${(lane / lanes) * 100}%`,
  width: `calc(${100 / lanes}% - 2px)`,
});

function DayHead({ day, isToday }: { day: Day; isToday: boolean }) {
  const { weekday, number } = shortDay(day);
  return (
    <h2 className="border-b border-line py-2 text-center font-sans text-xs text-soft">
      <span className="sr-only">{formatDay(day)}</span>
      <span aria-hidden="true">{weekday}</span>
      <span
        aria-hidden="true"
        className={`figures mx-auto grid size-7 place-items-center rounded-full text-sm ${
          isToday ? "bg-accent font-semibold text-on-accent" : "text-ink"
        }`}
      >
        {number}
      </span>
    </h2>
  );
}

/** The hours' figures at the left; as high as the columns' heads at the top, by the same rows. */
function Hours({ first, last }: { first: number; last: number }) {
  return (
    // Stays where it is while the days are moved sideways.
    <div aria-hidden="true" className="sticky left-0 z-20 flex w-9 shrink-0 flex-col justify-end bg-card sm:w-12">
      <div className="relative" style={{ height: `${(last - first) * hourRem}rem` }}>
        {Array.from({ length: last - first }, (_, index) => (
          <span
            key={index}
            className="figures absolute right-1 text-[0.6875rem] text-soft sm:right-2"
            style={{ top: `calc(${index * hourRem}rem + 1px)` }}
          >
            {String(first + index).padStart(2, "0")}
          </span>
        ))}
      </div>
    </div>
  );
}

interface EventBlockProps {
  event: EventView;
  zone: string;
  now: Date;
  className: string;
  style?: CSSProperties;
}

function EventBlock({ event, zone, now, className, style }: EventBlockProps) {
  const isOver = event.end <= now;
  // Has room for one line only, which ends in dots rather than being cut through.
  const isShort = event.end.getTime() - event.start.getTime() < 45 * 60_000;
  const { join, message } = event.decision;
  const Icon = join ? CircleDot : CircleSlash2;
  const look = join && !isOver ? "border-accent bg-accent-wash text-accent-strong" : "border-edge bg-sunken text-ink";
  return (
    <Popover.Root>
      <Popover.Trigger
        style={style}
        className={`${className} ${look} ${event.tentative ? "border-dashed" : ""} overflow-hidden rounded-md border px-1 py-0.5 text-left text-xs leading-tight hover:z-10 hover:shadow-lift focus-visible:z-10`}
      >
        <span
          className={`font-medium ${isShort && !event.allDay ? "block truncate" : "break-words"} ${isOver ? "text-soft" : ""} ${event.cancelled ? "line-through" : ""}`}
        >
          <Icon size={12} aria-hidden="true" className="mr-1 inline align-[-1px]" />
          {titleOf(event)}
        </span>
        {isShort || event.allDay ? null : (
          <span className="figures block text-soft">{formatEventTimes(event, zone)}</span>
        )}
        <span className="sr-only">
          {event.cancelled ? "Cancelled. " : ""}
          {event.tentative ? "Not yet certain. " : ""}
          {sentenceOf(message, isSettled(event, now))}
        </span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} className="z-40">
          <Popover.Popup aria-label={titleOf(event)} className={`${menuPopup} w-96 max-w-[calc(100vw-1.5rem)]`}>
            <CalendarEventCard event={event} zone={zone} now={now} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
