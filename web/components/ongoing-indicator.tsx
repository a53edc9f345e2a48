import { Popover } from "@base-ui/react/popover";
import { useState } from "react";
import { Link, href } from "react-router";
import type { OngoingMeeting } from "#records/ongoing-meetings.ts";
import { Feeds } from "./feeds.tsx";
import { clock, plural } from "./format.ts";
import { applyToOngoing } from "./live-ongoing.ts";
import { useLiveState } from "./live-state.ts";
import type { Head } from "./live-state.ts";
import { menuPopup } from "./menu-style.ts";
import { useNow } from "./time.tsx";

interface OngoingIndicatorProps {
  ongoing: { items: readonly OngoingMeeting[]; feeds: readonly Head[] };
}

/** On every page: how many meetings go on, for how long, and the way to each. Nothing where none does. */
export function OngoingIndicator({ ongoing }: OngoingIndicatorProps) {
  const [{ items }, onEvent] = useLiveState(ongoing, ongoing.feeds, applyToOngoing);
  return (
    <>
      <Feeds feeds={ongoing.feeds} onEvent={onEvent} />
      {items.length === 0 ? null : <Indicator items={items} />}
    </>
  );
}

function Indicator({ items }: { items: readonly OngoingMeeting[] }) {
  const now = useNow(1000);
  const [isOpen, setOpen] = useState(false);
  const words = `${plural(items.length, "meeting")} going on`;
  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger
        aria-label={words}
        className="fixed bottom-20 left-3 z-20 inline-flex min-h-11 items-center gap-2.5 rounded-full border border-line bg-card px-4 text-sm font-semibold shadow-lift hover:bg-sunken lg:bottom-5 lg:left-[16.25rem]"
      >
        <span aria-hidden="true" className="relative grid size-2.5 place-items-center">
          <span className="absolute inset-0 animate-ping rounded-full bg-live opacity-60" />
          <span className="size-2.5 rounded-full bg-live" />
        </span>
        <span className="figures">{items.length}</span>
        {/* For the eye only: as text it would change the button's name every second. */}
        <span
          aria-hidden="true"
          data-elapsed={elapsedWords(earliest(items), now)}
          className="figures text-soft before:content-[attr(data-elapsed)]"
        />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner side="top" align="start" sideOffset={8} className="z-40">
          <Popover.Popup className={`${menuPopup} w-72 max-w-[calc(100vw-1.5rem)]`}>
            <Popover.Title className="px-2.5 py-1.5 font-semibold">{words}</Popover.Title>
            <ul>
              {items.map((meeting) => (
                <li key={meeting.id}>
                  <OngoingLink meeting={meeting} now={now} onFollow={() => setOpen(false)} />
                </li>
              ))}
            </ul>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function OngoingLink({
  meeting: { id, title, view, since },
  now,
  onFollow,
}: {
  meeting: OngoingMeeting;
  now: Date | null;
  onFollow: () => void;
}) {
  return (
    <Link
      to={href("/meetings/:id", { id })}
      onClick={onFollow}
      className="flex min-h-11 items-center gap-3 rounded-lg px-2.5 py-1.5 hover:bg-accent-wash focus-visible:bg-accent-wash"
    >
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{title}</span>
        <span className="block text-soft">{view === "active" ? "In the call" : "Being worked on"}</span>
      </span>
      <span className="figures text-soft">{elapsedWords(since, now)}</span>
    </Link>
  );
}

const elapsedWords = (since: Date | null, now: Date | null): string =>
  since === null || now === null ? "" : clock((now.getTime() - since.getTime()) / 1000);

const earliest = (items: readonly OngoingMeeting[]): Date | null =>
  items.reduce<Date | null>(
    (first, { since }) => (since !== null && (first === null || since < first) ? since : first),
    null,
  );
