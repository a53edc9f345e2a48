import { Mic, Upload } from "lucide-react";
import { Link, href, useRevalidator } from "react-router";
import { readAtOneInstant } from "#records/db.ts";
import { listRecordings } from "#records/runs/run-lists.ts";
import { workspaceHeads } from "#records/live/workspace-heads.ts";
import { buttonClass } from "../components/ui/button.tsx";
import { EmptyState } from "../components/ui/empty-state.tsx";
import { Feeds } from "../components/shell/feeds.tsx";
import { ListFilter, Pager } from "../components/ui/list-filter.tsx";
import { useLiveRuns } from "../components/runs/live-runs.ts";
import { PageHeader } from "../components/ui/page-header.tsx";
import { RunList, UpdatesChip } from "../components/runs/run-list.tsx";
import { useArrivals, useOpenArrived } from "../components/uploads/use-arrivals.ts";
import { actorContext, depsContext } from "../pages/context.ts";
import { listQueryOf } from "../pages/list-query.ts";
import type { Route } from "./+types/recordings.ts";

export async function loader({ context, url }: Route.LoaderArgs) {
  const { prisma } = context.get(depsContext);
  const { id } = context.get(actorContext);
  const query = listQueryOf(url);
  const isNarrowed = query.status !== null || query.text !== null || query.cursor !== null;
  return readAtOneInstant(prisma, async (tx) => ({
    ...(await listRecordings(tx, id, query)),
    feeds: await workspaceHeads(tx, id),
    isNarrowed,
  }));
}

export default function Recordings({ loaderData }: Route.ComponentProps) {
  const { revalidate } = useRevalidator();
  const { rows, unseen, onEvent } = useLiveRuns(loaderData);
  const isBare = rows.length === 0;
  useArrivals(rows, { unseen, isBare });
  useOpenArrived();
  return (
    <div className="mx-auto max-w-4xl">
      <Feeds feeds={loaderData.feeds} onEvent={onEvent} />
      <PageHeader title="Recordings">
        <Link to={href("/record")} className={buttonClass("plain")}>
          <Mic size={16} aria-hidden="true" /> Record a meeting
        </Link>
        <Link to={href("/recordings/new")} className={buttonClass("primary")}>
          <Upload size={16} aria-hidden="true" /> New recording
        </Link>
      </PageHeader>
      {isBare && !loaderData.isNarrowed ? (
        <EmptyState />
      ) : (
        <>
          <ListFilter label="Search titles and words" />
          <div className="mb-3 empty:hidden">
            <UpdatesChip count={unseen} onShow={() => void revalidate()} />
          </div>
          {isBare ? <NoMatch /> : <RunList runs={rows} label="Recordings" />}
          <Pager nextCursor={loaderData.nextCursor} />
        </>
      )}
    </div>
  );
}

function NoMatch() {
  return (
    <div className="panel px-6 py-12 text-center">
      <p className="mb-4 text-soft">No recording fits this search.</p>
      <Link to={href("/recordings")} className={buttonClass("plain")}>
        Clear the search
      </Link>
    </div>
  );
}
