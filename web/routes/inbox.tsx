import { Inbox as InboxIcon, Pause, Play } from "lucide-react";
import { useState } from "react";
import { data, useSearchParams } from "react-router";
import { z } from "zod";
import { isId } from "#domain/ids.ts";
import { senders } from "#domain/senders.ts";
import {
  deadOutbox,
  deliveryStates,
  inboxMetrics,
  listDeliveries,
  mostCounted,
  outboxMetrics,
} from "#records/queues/inbox-lists.ts";
import { retryOutbox } from "#records/queues/outbox-retry.ts";
import { Button } from "../components/ui/button.tsx";
import { plural, spokenTime } from "../components/ui/format.ts";
import { DeadOutbox } from "../components/inbox/dead-outbox.tsx";
import { DeliveryTable } from "../components/inbox/delivery-table.tsx";
import { InboxFilter } from "../components/inbox/inbox-filter.tsx";
import { useRefresh } from "../components/inbox/use-refresh.ts";
import { Pager } from "../components/ui/list-filter.tsx";
import { Notice } from "../components/ui/notice.tsx";
import { PageHeader } from "../components/ui/page-header.tsx";
import { depsContext } from "../pages/context.ts";
import { formOf, mustParse } from "../pages/forms.ts";
import { requireOperator } from "../pages/operator.ts";
import type { Route } from "./+types/inbox.ts";

const Query = z.object({
  state: z.enum(deliveryStates).nullable().catch(null),
  sender: z.enum(senders).nullable().catch(null),
  meeting: z
    .string()
    .nullable()
    .transform((text) => text?.trim() || null),
  after: z
    .string()
    .nullable()
    .transform((cursor) => (cursor !== null && isId(cursor) ? cursor : null)),
});

/** How old a waiting delivery may be before the page speaks of it; the alert's own threshold. */
const oldSeconds = 60;

export async function loader({ context, url }: Route.LoaderArgs) {
  requireOperator(context);
  const { prisma, pool } = context.get(depsContext);
  const asked = ["state", "sender", "meeting", "after"].map((name) => [name, url.searchParams.get(name)]);
  const { meeting, after: cursor, ...filter } = Query.parse(Object.fromEntries(asked));
  const none = { items: [], nextCursor: null };
  const isNoMeeting = meeting !== null && !isId(meeting);
  const [page, inbox, outbox, dead] = await Promise.all([
    isNoMeeting ? none : listDeliveries(prisma, { ...filter, meetingId: meeting, cursor, limit: 50 }),
    inboxMetrics(pool),
    outboxMetrics(pool),
    deadOutbox(prisma),
  ]);
  return { ...page, ...inbox, mostCounted, outbox, dead, isNoMeeting };
}

export async function action({ request, context }: Route.ActionArgs) {
  const actor = requireOperator(context);
  const { id } = mustParse(z.object({ id: z.uuid() }), await formOf(request));
  const isFound = await retryOutbox(context.get(depsContext).prisma, { id, actorId: actor.id });
  if (!isFound) throw data("This order is not dead any more: somebody was quicker, or it is gone.", { status: 404 });
  return null;
}

export default function Inbox({ loaderData }: Route.ComponentProps) {
  const { items, nextCursor, counts, oldestWaitingSeconds, outbox, dead, isNoMeeting } = loaderData;
  const [isLive, setLive] = useState(true);
  useRefresh(isLive);
  const isOld = oldestWaitingSeconds !== null && oldestWaitingSeconds > oldSeconds;
  return (
    <div className="mx-auto max-w-6xl">
      <PageHeader title="Deliveries" lead="What outside systems have told this server, and what became of it.">
        <Button look="quiet" aria-pressed={!isLive} onClick={() => setLive(!isLive)}>
          {isLive ? <Pause size={16} aria-hidden="true" /> : <Play size={16} aria-hidden="true" />}
          {isLive ? "Pause refreshing" : "Refreshing is paused"}
        </Button>
      </PageHeader>
      <dl className="mb-5 flex flex-wrap gap-x-8 gap-y-2 text-sm">
        <Figure name="Oldest that waits" value={age(oldestWaitingSeconds)} />
        <Figure name="Orders waiting" value={ordersWaiting(outbox)} />
        <Figure
          name="Dead"
          value={`${plural(counts.dead, "delivery", "deliveries")}, ${plural(outbox.counts.dead, "order")}`}
        />
      </dl>
      {isOld ? (
        <div className="mb-5">
          <Notice kind="warn">
            Deliveries wait longer than they should. Does a worker run, and does Temporal answer? They are not lost:
            what waits is handed over as soon as both are there.
          </Notice>
        </div>
      ) : null}
      <InboxFilter counts={counts} most={loaderData.mostCounted} />
      {items.length === 0 ? <Nothing isNoMeeting={isNoMeeting} /> : <DeliveryTable items={items} />}
      <Pager nextCursor={nextCursor} />
      <DeadOutbox rows={dead} />
    </div>
  );
}

const ordersWaiting = ({ counts, oldestWaitingSeconds }: Route.ComponentProps["loaderData"]["outbox"]) =>
  counts.new === 0 ? "none" : `${counts.new}, the oldest for ${age(oldestWaitingSeconds)}`;
const age = (seconds: number | null) => (seconds === null ? "none" : spokenTime(seconds));

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div className="flex gap-2">
      <dt className="text-soft">{name}</dt>
      <dd className="figures font-medium">{value}</dd>
    </div>
  );
}

function Nothing({ isNoMeeting }: { isNoMeeting: boolean }) {
  const [params] = useSearchParams();
  if (isNoMeeting) {
    return (
      <p className="panel px-6 py-12 text-center text-soft">
        That is no meeting's id. It stands in the address of the meeting's page.
      </p>
    );
  }
  if (["state", "sender", "meeting", "after"].some((name) => params.get(name))) {
    return <p className="panel px-6 py-12 text-center text-soft">No delivery fits.</p>;
  }
  return (
    <div className="panel flex flex-col items-center gap-3 px-6 py-16 text-center text-soft">
      <InboxIcon size={26} aria-hidden="true" />
      <p className="max-w-md">
        Nothing was delivered yet. Webhooks of Stream Video, the events of practice calls and what the reconcile pass
        repairs arrive here.
      </p>
    </div>
  );
}
