import { Upload } from "lucide-react";
import { Link, href, useRevalidator } from "react-router";
import type { LiveEvent } from "#domain/live.ts";
import type { MeetingRow } from "#records/meetings/meeting-lists.ts";
import { homeSnapshot } from "#records/accounts/page-snapshots.ts";
import { buttonClass } from "../components/ui/button.tsx";
import { EmptyState } from "../components/ui/empty-state.tsx";
import { Feeds } from "../components/shell/feeds.tsx";
import { useLiveRuns } from "../components/runs/live-runs.ts";
import { useLiveMeetings } from "../components/meetings/live-meetings.ts";
import { MeetingList } from "../components/meetings/meeting-list.tsx";
import { PageHeader } from "../components/ui/page-header.tsx";
import { RunList, UpdatesChip } from "../components/runs/run-list.tsx";
import { isOver } from "../components/runs/run-labels.ts";
import { useArrivals } from "../components/uploads/use-arrivals.ts";
import { actorContext, depsContext } from "../pages/context.ts";
import type { Route } from "./+types/home.ts";

export async function loader({ context }: Route.LoaderArgs) {
  const { prisma } = context.get(depsContext);
  const actor = context.get(actorContext);
  const { meetings, running, recent, feeds } = await homeSnapshot(prisma, actor.id);
  return {
    items: [...running, ...recent],
    meetings: { items: meetings, feeds },
    feeds,
    firstName: actor.name.split(" ")[0] ?? actor.name,
  };
}

export default function Home({ loaderData }: Route.ComponentProps) {
  const { revalidate } = useRevalidator();
  const { rows, unseen, onEvent } = useLiveRuns(loaderData);
  const { rows: meetings, onEvent: onMeeting } = useLiveMeetings(loaderData.meetings);
  const upcoming = meetings.filter(({ status }) => status === "upcoming");
  const ongoing = meetings.filter(({ status }) => status !== "upcoming");
  const isEmpty = rows.length === 0 && meetings.length === 0;
  useArrivals(rows, { unseen, isBare: isEmpty });
  const now = rows.filter((run) => !isOver(run.status));
  const recent = rows.filter((run) => isOver(run.status));
  const hear = (event: LiveEvent) => {
    onEvent(event);
    onMeeting(event);
    if (isNewOngoing(event, meetings)) void revalidate();
  };
  return (
    <div className="mx-auto max-w-4xl">
      <Feeds feeds={loaderData.feeds} onEvent={hear} />
      <PageHeader title="Home" lead={`Good to see you, ${loaderData.firstName}.`}>
        {isEmpty ? null : (
          <Link to={href("/recordings/new")} className={`${buttonClass("primary")} lg:hidden`}>
            <Upload size={16} aria-hidden="true" /> New recording
          </Link>
        )}
      </PageHeader>
      {isEmpty ? <EmptyState /> : null}
      <div className="space-y-10">
        <UpdatesChip count={unseen} onShow={() => void revalidate()} />
        <MeetingSection id="meetings-now" title="Meetings now" meetings={ongoing} />
        <MeetingSection id="meetings-soon" title="Meetings of the next 24 hours" meetings={upcoming} />
        {now.length === 0 ? null : (
          <section aria-labelledby="now" className="space-y-3">
            <h2 id="now" className="flex items-center gap-2.5 text-xl">
              <span aria-hidden="true" className="size-2 animate-breathe rounded-full bg-live" /> Running now
            </h2>
            <RunList runs={now} label="Running now" />
          </section>
        )}
        {recent.length === 0 ? null : (
          <section aria-labelledby="recent" className="space-y-3">
            <div className="flex items-baseline justify-between gap-4">
              <h2 id="recent" className="text-xl">
                Recent
              </h2>
              <Link to={href("/recordings")} className="link shrink-0 text-sm">
                All recordings
              </Link>
            </div>
            <RunList runs={recent} label="Recent recordings" />
          </section>
        )}
      </div>
    </div>
  );
}

function MeetingSection({ id, title, meetings }: { id: string; title: string; meetings: readonly MeetingRow[] }) {
  if (meetings.length === 0) return null;
  return (
    <section aria-labelledby={id} className="space-y-3">
      <div className="flex items-baseline justify-between gap-4">
        <h2 id={id} className="text-xl">
          {title}
        </h2>
        <Link to={href("/meetings")} className="link shrink-0 text-sm">
          All meetings
        </Link>
      </div>
      <MeetingList meetings={meetings} label={title} />
    </section>
  );
}

// A call that has just begun is worth a new look; what is there already changes in its place.
function isNewOngoing({ type, data }: LiveEvent, meetings: readonly MeetingRow[]): boolean {
  if (type !== "run.started" && type !== "run.stage") return false;
  const { kind, runId } = data;
  return kind === "meeting" && !meetings.some((meeting) => meeting.runId === runId);
}
