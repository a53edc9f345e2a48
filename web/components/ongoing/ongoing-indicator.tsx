import { Dialog } from "@base-ui/react/dialog";
import { useState } from "react";
import { href, useLocation, useMatch } from "react-router";
import type { LiveEvent } from "#domain/live.ts";
import type { OngoingMeeting, OngoingVisit } from "#records/meetings/ongoing-meetings.ts";
import { ActiveMeetingsModal } from "./active-meetings-modal.tsx";
import { Feeds } from "../shell/feeds.tsx";
import { formatElapsed, plural } from "../ui/format.ts";
import { applyToOngoing } from "./live-ongoing.ts";
import { useLiveState } from "../shell/live-state.ts";
import type { Head } from "../shell/live-state.ts";
import { applyToVisits } from "./live-visits.ts";
import { useNow } from "../ui/time.tsx";

interface Ongoing {
  items: readonly OngoingMeeting[];
  visits: readonly OngoingVisit[];
  writable: readonly string[];
  feeds: readonly Head[];
}

const apply = (state: Ongoing, event: LiveEvent) => applyToVisits(applyToOngoing(state, event), event);

/** On every page: how many meetings go on, with agents or with bots, and the way to each. Nothing where none does. */
export function OngoingMeetingsIndicator({ ongoing }: { ongoing: Ongoing }) {
  const [{ items: all, visits }, onEvent] = useLiveState(ongoing, ongoing.feeds, apply);
  const { pathname } = useLocation();
  // Who is in a call, or on its meeting's page, is not told of it.
  const items = all.filter(({ id }) => !pathname.startsWith(href("/meetings/:id", { id })));
  const [isOpen, setOpen] = useState(false);
  const count = items.length + visits.length;
  return (
    <>
      <Feeds feeds={ongoing.feeds} onEvent={onEvent} />
      {/* What the reader has opened stays, also when the last meeting ends meanwhile. */}
      {count === 0 && !isOpen ? null : (
        <Dialog.Root open={isOpen} onOpenChange={setOpen}>
          <Indicator items={items} visits={visits} isOpen={isOpen} />
          <ActiveMeetingsModal meetings={items} visits={visits} onFollow={() => setOpen(false)} />
        </Dialog.Root>
      )}
    </>
  );
}

type IndicatorProps = Pick<Ongoing, "items" | "visits"> & { isOpen: boolean };

function Indicator({ items, visits, isOpen }: IndicatorProps) {
  const now = useNow(1000);
  const isOverCall = useMatch("/meetings/:id/call") !== null;
  const count = items.length + visits.length;
  const words = count === 0 ? "No meeting going on" : `${plural(count, "meeting")} going on`;
  const isInCall = items.some(({ view }) => view === "active") || visits.some(({ stage }) => stage === "call");
  return (
    <Dialog.Trigger
      aria-label={words}
      // On small screens a call needs its whole page.
      className={`fixed bottom-20 left-3 z-20 min-h-11 items-center gap-2.5 rounded-full border border-line bg-card px-4 text-sm font-semibold shadow-lift hover:bg-sunken lg:bottom-5 lg:left-[16.25rem] lg:inline-flex ${isOverCall ? "hidden" : "inline-flex"}`}
    >
      <span aria-hidden="true" className="relative grid size-2.5 place-items-center">
        {isInCall ? <span className="absolute inset-0 animate-ping rounded-full bg-live opacity-60" /> : null}
        <span className={`size-2.5 rounded-full ${isInCall ? "bg-live" : "bg-warn"}`} />
      </span>
      {isOpen ? <span>{words}</span> : <span className="figures">{count}</span>}
      {/* For the eye only: as text it would change the button's name every second. */}
      <span
        aria-hidden="true"
        data-elapsed={formatElapsed(earliest([...items, ...visits]), now)}
        className="figures text-soft before:content-[attr(data-elapsed)]"
      />
    </Dialog.Trigger>
  );
}

const earliest = (items: readonly { since: Date | null }[]): Date | null =>
  items.reduce<Date | null>(
    (first, { since }) => (since !== null && (first === null || since < first) ? since : first),
    null,
  );
