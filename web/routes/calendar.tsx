import { calendarsOf } from "#records/calendars/calendars.ts";
import { eventsOf } from "#records/calendars/events.ts";
import { workspaceHeads } from "#records/live/workspace-heads.ts";
import { agendaQueryOf, rangeFor } from "../calendar/agenda-query.ts";
import { actOnEvent } from "../calendar/override-actions.ts";
import { Agenda } from "../components/calendar/agenda.tsx";
import { BotFeeds } from "../components/calendar/bot-feeds.tsx";
import { CalendarTabs } from "../components/calendar/calendar-tabs.tsx";
import { CalendarToolbar } from "../components/calendar/calendar-toolbar.tsx";
import { addDays, mondayOf, formatDayRange, wallTime } from "../components/calendar/days.ts";
import { NoCalendars } from "../components/calendar/no-calendars.tsx";
import { SyncNotices } from "../components/calendar/sync-notices.tsx";
import { WeekGrid } from "../components/calendar/week-grid.tsx";
import { SendBot } from "../components/meetings/no-meetings.tsx";
import { useTimeZone } from "../components/meetings/starts-in.tsx";
import { Notice } from "../components/ui/notice.tsx";
import { PageHeader } from "../components/ui/page-header.tsx";
import { useNow } from "../components/ui/time.tsx";
import { actorContext, depsContext } from "../pages/context.ts";
import { formOf } from "../pages/forms.ts";
import type { Route } from "./+types/calendar.ts";

/** More events than anybody can look at in two weeks. */
const mostEvents = 500;

export async function loader({ context, url }: Route.LoaderArgs) {
  const { prisma } = context.get(depsContext);
  const { id: userId } = context.get(actorContext);
  const { view, from, calendar } = agendaQueryOf(url);
  const now = new Date();
  const calendars = await calendarsOf(prisma, userId);
  const calendarId = calendars.find(({ id }) => id === calendar)?.id;
  const asked = { ...rangeFor(from, now), limit: mostEvents, calendarId };
  // Read before the events: what is told twice costs one more look, and nothing is missed.
  const feeds = await workspaceHeads(prisma, userId);
  const { items: events, nextCursor } = await eventsOf(prisma, userId, asked);
  return { calendars, events, hasMore: nextCursor !== null, feeds, view, from, now };
}

export async function action({ request, context }: Route.ActionArgs) {
  const deps = context.get(depsContext);
  return actOnEvent({ deps, userId: context.get(actorContext).id, form: await formOf(request) });
}

export default function Calendar({ loaderData }: Route.ComponentProps) {
  const { calendars, events, hasMore, view } = loaderData;
  const zone = useTimeZone() ?? "UTC";
  const now = useNow(30_000) ?? loaderData.now;
  const today = wallTime(now, zone).day;
  const first = loaderData.from ?? today;
  const monday = mondayOf(first);
  const shown = { events, today, zone, now };
  return (
    <div className="mx-auto max-w-6xl">
      <PageHeader title="Calendar" lead={calendars.length === 0 ? null : `Times in ${zone.replaceAll("_", " ")}`}>
        <SendBot />
      </PageHeader>
      <CalendarTabs />
      <BotFeeds feeds={loaderData.feeds} />
      {calendars.length === 0 ? (
        <NoCalendars />
      ) : (
        <>
          <SyncNotices calendars={calendars} />
          <CalendarToolbar from={first} calendars={calendars} />
          {hasMore ? (
            <div className="mb-6">
              <Notice kind="info">There are more than {mostEvents} events here; the first are shown.</Notice>
            </div>
          ) : null}
          {/* Where the address does not say, the width does: a list on phones, a grid on wide screens. */}
          {view === "week" ? null : (
            <div className={view === null ? "lg:hidden" : ""}>
              <Range first={first} last={addDays(first, 6)} />
              <Agenda {...shown} first={first} />
            </div>
          )}
          {view === "agenda" ? null : (
            <div className={view === null ? "hidden lg:block" : ""}>
              <Range first={monday} last={addDays(monday, 6)} />
              <WeekGrid {...shown} monday={monday} />
            </div>
          )}
        </>
      )}
    </div>
  );
}

const Range = ({ first, last }: { first: string; last: string }) => (
  <p className="mb-4 font-serif text-lg">{formatDayRange(first, last)}</p>
);
