import { X } from "lucide-react";
import { useEffect } from "react";
import { Link, href, useRevalidator, useSearchParams } from "react-router";
import { z } from "zod";
import { isId } from "#domain/ids.ts";
import { meetingStatuses } from "#domain/meeting.ts";
import { readAtOneInstant } from "#records/db.ts";
import { agentsOfList, listMeetings } from "#records/meetings/meeting-lists.ts";
import { workspaceHeads } from "#records/live/workspace-heads.ts";
import { buttonClass } from "../components/ui/button.tsx";
import { Feeds } from "../components/shell/feeds.tsx";
import { ListFilter, Pager } from "../components/ui/list-filter.tsx";
import { useLiveMeetings } from "../components/meetings/live-meetings.ts";
import { MeetingList } from "../components/meetings/meeting-list.tsx";
import { meetingStatusLabels } from "../components/meetings/meeting-labels.ts";
import { NewMeeting, NoMeetings, SendBot } from "../components/meetings/no-meetings.tsx";
import { PageHeader } from "../components/ui/page-header.tsx";
import { UpdatesChip } from "../components/runs/run-list.tsx";
import { actorContext, depsContext } from "../pages/context.ts";
import { listQueryOf } from "../pages/list-query.ts";
import type { Route } from "./+types/meetings.ts";

const Status = z.enum(meetingStatuses).nullable().catch(null);

export async function loader({ context, url }: Route.LoaderArgs) {
  const { prisma } = context.get(depsContext);
  const { id } = context.get(actorContext);
  const { text, cursor, limit } = listQueryOf(url);
  const status = Status.parse(url.searchParams.get("status"));
  const asked = url.searchParams.get("agent");
  const agentId = asked !== null && isId(asked) ? asked : null;
  return readAtOneInstant(prisma, async (tx) => ({
    ...(await listMeetings(tx, id, { status, agentId, text, cursor, limit })),
    ...(await agentsOfList(tx, id, agentId)),
    feeds: await workspaceHeads(tx, id),
    isByTime: status === "upcoming",
    isNarrowed: status !== null || text !== null || cursor !== null || agentId !== null,
  }));
}

const byTime = { first: "First page", next: "Later" };

export default function Meetings({ loaderData }: Route.ComponentProps) {
  const { nextCursor, isByTime, isNarrowed, hasAgents, agentName } = loaderData;
  const { revalidate } = useRevalidator();
  const { rows, unseen, onEvent } = useLiveMeetings(loaderData);
  const isBare = rows.length === 0;
  useEffect(() => {
    // A list that shows nothing has nothing to keep in its place.
    if (isBare && unseen > 0) void revalidate();
  }, [isBare, unseen, revalidate]);
  const isEmpty = isBare && !isNarrowed;
  return (
    <div className="mx-auto max-w-4xl">
      <Feeds feeds={loaderData.feeds} onEvent={onEvent} />
      <PageHeader title="Meetings">
        <SendBot />
        {isEmpty ? null : <NewMeeting />}
      </PageHeader>
      {isEmpty ? (
        <NoMeetings hasAgents={hasAgents} />
      ) : (
        <>
          <ListFilter label="Search names and words" filters={meetingStatusLabels} keep={["agent"]} />
          {agentName === null ? null : <OnlyWith name={agentName} />}
          <div className="mb-3 empty:hidden">
            <UpdatesChip count={unseen} of="meeting" onShow={() => void revalidate()} />
          </div>
          {isBare ? <NoMatch /> : <MeetingList meetings={rows} label="Meetings" />}
          <Pager nextCursor={nextCursor} {...(isByTime ? { words: byTime } : {})} />
        </>
      )}
    </div>
  );
}

function OnlyWith({ name }: { name: string }) {
  const [params] = useSearchParams();
  const others = new URLSearchParams([...params].filter(([key]) => key !== "agent" && key !== "after"));
  return (
    <p className="mb-4 text-sm">
      <Link to={`?${others}`} className="link inline-flex min-h-9 items-center gap-1.5">
        Only with {name} <X size={15} aria-hidden="true" />
        <span className="sr-only">: show all</span>
      </Link>
    </p>
  );
}

function NoMatch() {
  return (
    <div className="panel px-6 py-12 text-center">
      <p className="mb-4 text-soft">No meeting fits this search.</p>
      <Link to={href("/meetings")} className={buttonClass("plain")}>
        Clear the search
      </Link>
    </div>
  );
}
