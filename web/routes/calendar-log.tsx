import { isId } from "#domain/ids.ts";
import { autoJoinLogsOf } from "#records/calendars/logs.ts";
import { CalendarTabs } from "../components/calendar/calendar-tabs.tsx";
import { DecisionList } from "../components/calendar/decision-list.tsx";
import { Pager } from "../components/ui/list-filter.tsx";
import { PageHeader } from "../components/ui/page-header.tsx";
import { actorContext, depsContext } from "../pages/context.ts";
import type { Route } from "./+types/calendar-log.ts";

export async function loader({ context, url }: Route.LoaderArgs) {
  const after = url.searchParams.get("after");
  const cursor = after !== null && isId(after) ? after : null;
  return autoJoinLogsOf(context.get(depsContext).prisma, context.get(actorContext).id, { cursor, limit: 25 });
}

export default function CalendarLog({ loaderData: { items, nextCursor } }: Route.ComponentProps) {
  return (
    <div className="mx-auto max-w-4xl">
      <PageHeader title="Decisions" lead="What was decided about your events, and what made it change." />
      <CalendarTabs />
      {items.length === 0 ? (
        <p className="panel px-6 py-12 text-center text-soft">
          Nothing was decided yet. Decisions come with your calendars' events and your rules.
        </p>
      ) : (
        <DecisionList label="Decisions" decisions={items} namesEvents />
      )}
      <Pager nextCursor={nextCursor} />
    </div>
  );
}
