import { RotateCcw } from "lucide-react";
import type { ReactNode } from "react";
import { Link, data, href } from "react-router";
import { isId } from "#domain/ids.ts";
import { replayDelivery } from "#records/queues/inbox-replay.ts";
import { deliveryDetail } from "#records/queues/inbox-lists.ts";
import type { DeliveryState } from "#records/queues/inbox-lists.ts";
import { Button } from "../components/ui/button.tsx";
import { Confirm } from "../components/ui/confirm.tsx";
import { bytes } from "../components/ui/format.ts";
import { StateBadge, deliveryStateLabels } from "../components/inbox/state-badge.tsx";
import { useRefresh } from "../components/inbox/use-refresh.ts";
import { Notice } from "../components/ui/notice.tsx";
import { PageHeader } from "../components/ui/page-header.tsx";
import { Time } from "../components/ui/time.tsx";
import { depsContext } from "../pages/context.ts";
import { settleFor } from "../pages/outcome.ts";
import { requireOperator } from "../pages/operator.ts";
import type { Route } from "./+types/delivery.ts";

const missing = "There is no such delivery. Those that are settled are kept for 30 days.";
const settle = settleFor(missing);

export async function loader({ context, params }: Route.LoaderArgs) {
  requireOperator(context);
  const delivery = isId(params.id) ? await deliveryDetail(context.get(depsContext).prisma, params.id) : null;
  if (delivery === null) throw data(missing, { status: 404 });
  const { headers, body, ...rest } = delivery;
  return { ...rest, headers: JSON.stringify(headers, null, 2), body: JSON.stringify(body, null, 2) };
}

export async function action({ context, params }: Route.ActionArgs) {
  const actor = requireOperator(context);
  const { prisma } = context.get(depsContext);
  const { message } = settle(isId(params.id) && (await replayDelivery(prisma, { id: params.id, actorId: actor.id })));
  if (message !== null) throw data(message, { status: 409 });
  return null;
}

export default function Delivery({ loaderData: delivery }: Route.ComponentProps) {
  const state = delivery.state as DeliveryState;
  useRefresh(state === "new", 2_000);
  return (
    <div className="mx-auto max-w-4xl space-y-8">
      <PageHeader
        title={delivery.type}
        lead={
          <span role="status">
            <StateBadge state={state} />
          </span>
        }
      >
        <Link to={href("/inbox")} className="link inline-flex min-h-10 items-center text-sm">
          All deliveries
        </Link>
        {state === "ignored" ? null : <Replay />}
      </PageHeader>
      {delivery.error === null ? null : <Notice kind={state === "dead" ? "bad" : "warn"}>{delivery.error}</Notice>}
      <p className="text-sm text-soft">
        {deliveryStateLabels[state].meaning}
        {state === "ignored" ? "" : harmless}
      </p>
      <Facts delivery={delivery} />
      {delivery.replays.length === 0 ? null : (
        <section aria-labelledby="replays" className="space-y-2">
          <h2 id="replays" className="text-xl">
            Replayed
          </h2>
          <ul className="text-sm">
            {delivery.replays.map(({ at, by }) => (
              <li key={at.toISOString()}>
                <Time at={at} /> by {by?.name ?? "a former administrator"}
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-labelledby="raw" className="space-y-3">
        <h2 id="raw" className="text-xl">
          As it came
        </h2>
        <p className="text-sm text-soft">
          Its structure, ids, types and times. Everything that somebody may have said or be called, every address and
          token is masked, for administrators too.
        </p>
        <Raw
          name="Body"
          text={delivery.body === "null" ? "It is not JSON, so nothing of it is shown." : delivery.body}
        />
        {delivery.headers === "{}" ? null : <Raw name="Headers" text={delivery.headers} />}
      </section>
    </div>
  );
}

const harmless =
  " Replaying it is harmless: a meeting knows by its id what it has, and for one that is over it becomes late again.";

function Replay() {
  return (
    <Confirm
      trigger={
        <Button>
          <RotateCcw size={16} aria-hidden="true" /> Replay
        </Button>
      }
      title="Hand this delivery over again?"
      action="Replay"
      look="primary"
      decline="Leave it"
      fields={{}}
    >
      It waits again and is handed to its meeting's workflow, at once where a worker runs. A meeting that has it already
      does nothing twice. A meeting that is over stays as it is, and the delivery becomes late. Your name goes into the
      audit.
    </Confirm>
  );
}

type Shown = Route.ComponentProps["loaderData"];

function Facts({ delivery }: { delivery: Shown }) {
  const { run, meetingId, occurredAt, doneAt, receivedAt, nextAt } = delivery;
  return (
    <dl className="panel grid gap-x-8 gap-y-4 p-5 text-sm sm:grid-cols-2">
      <Fact name="Delivery">
        <code className="font-mono break-all">{delivery.id}</code>
      </Fact>
      <Fact name="Sender">{delivery.sender}</Fact>
      <Fact name="Meeting">
        {meetingId === null ? (
          "none"
        ) : (
          <Link to={`${href("/inbox")}?meeting=${meetingId}`} className="link">
            <code className="font-mono break-all">{meetingId}</code>
          </Link>
        )}
      </Fact>
      <Fact name="Run">
        {run === null ? (
          "none: the meeting was deleted, or never was here"
        ) : (
          <Link to={href("/runs/:id", { id: run.id })} className="link">
            {run.status}
          </Link>
        )}
      </Fact>
      <Fact name="Happened">{occurredAt === null ? "not told" : <Time at={occurredAt} />}</Fact>
      <Fact name={delivery.replays.length === 0 ? "Received" : "Put back"}>
        <Time at={receivedAt} />
      </Fact>
      <Fact name="Failed tries">
        <span className="figures">{delivery.attempts}</span>
      </Fact>
      <Fact name={delivery.state === "new" ? "Next try" : "Settled"}>
        {delivery.state === "new" ? <Time at={nextAt} /> : doneAt === null ? "not yet" : <Time at={doneAt} />}
      </Fact>
      <Fact name="Size">{bytes(delivery.sizeBytes)}</Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-soft">{name}</dt>
      <dd className="font-medium">{children}</dd>
    </div>
  );
}

function Raw({ name, text }: { name: string; text: string }) {
  return (
    <figure className="space-y-1">
      <figcaption className="text-sm font-medium">{name}</figcaption>
      <pre
        tabIndex={0}
        role="region"
        aria-label={name}
        className="panel max-h-[32rem] overflow-auto p-4 font-mono text-xs leading-relaxed"
      >
        {text}
      </pre>
    </figure>
  );
}
