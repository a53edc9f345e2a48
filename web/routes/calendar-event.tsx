import { ArrowLeft, CircleDot } from "lucide-react";
import { Link, data, href } from "react-router";
import { canJoin } from "#domain/bot-platforms.ts";
import { botProviderOf } from "#domain/bot-settings.ts";
import { isId } from "#domain/ids.ts";
import { eventOf } from "#records/calendars/events.ts";
import { autoJoinLogsOf } from "#records/calendars/logs.ts";
import { workspaceHeads } from "#records/live/workspace-heads.ts";
import { buttonClass } from "../components/ui/button.tsx";
import { BotFeeds } from "../components/calendar/bot-feeds.tsx";
import { titleOf } from "../components/calendar/calendar-labels.ts";
import { DecisionList } from "../components/calendar/decision-list.tsx";
import { JoinButton, Title } from "../components/calendar/event-card.tsx";
import { EventDecision, EventFacts } from "../components/calendar/event-details.tsx";
import { useTimeZone } from "../components/meetings/starts-in.tsx";
import { useNow } from "../components/ui/time.tsx";
import { actorContext, depsContext } from "../pages/context.ts";
import type { Route } from "./+types/calendar-event.ts";

const unknown = () =>
  data("There is no such event, or it is not yours. Its calendar may have dropped it.", { status: 404 });

export async function loader({ context, params: { id } }: Route.LoaderArgs) {
  const { prisma, env } = context.get(depsContext);
  const { id: userId } = context.get(actorContext);
  const feeds = await workspaceHeads(prisma, userId);
  const event = isId(id) ? await eventOf(prisma, userId, id) : null;
  if (event === null) throw unknown();
  const provider = botProviderOf(env);
  const { items: decisions } = await autoJoinLogsOf(prisma, userId, { eventId: id });
  return {
    event,
    decisions,
    hasBots: provider !== null,
    canSend: provider !== null && event.platform !== null && canJoin(provider, event.platform),
    feeds,
    now: new Date(),
  };
}

export default function CalendarEvent({ loaderData }: Route.ComponentProps) {
  const { event, decisions, hasBots, canSend, feeds } = loaderData;
  const zone = useTimeZone() ?? "UTC";
  const now = useNow(30_000) ?? loaderData.now;
  const isOver = event.end <= now;
  return (
    <div className="mx-auto max-w-3xl space-y-6">
      <BotFeeds feeds={feeds} />
      <Link to={href("/calendar")} className="link inline-flex min-h-9 items-center gap-1.5 text-sm">
        <ArrowLeft size={15} aria-hidden="true" /> Calendar
      </Link>
      <header className="flex flex-wrap items-end justify-between gap-4">
        <title>{`${titleOf(event)} · Convene`}</title>
        <div className="min-w-0 space-y-1.5">
          <h1 className="text-3xl break-words">
            <Title event={event} />
          </h1>
          {event.tentative ? <p className="text-soft">Not yet certain</p> : null}
        </div>
        {isOver || event.cancelled ? null : (
          <div className="flex flex-wrap gap-2">
            <JoinButton url={event.meetingUrl} title={titleOf(event)} />
            <Link to={recordPath(event.title)} className={`${buttonClass("plain")} min-h-9! py-1!`}>
              <CircleDot size={15} aria-hidden="true" /> Record in this browser
            </Link>
          </div>
        )}
      </header>
      <EventDecision event={event} now={now} hasBots={hasBots} canSend={canSend} />
      <EventFacts event={event} zone={zone} />
      {decisions.length === 0 ? null : (
        <section aria-labelledby="decisions" className="space-y-3">
          <h2 id="decisions" className="text-xl">
            Decided so far
          </h2>
          <DecisionList label="Decisions" decisions={decisions} />
        </section>
      )}
    </div>
  );
}

const recordPath = (title: string) => `${href("/record")}?${new URLSearchParams({ title })}`;
