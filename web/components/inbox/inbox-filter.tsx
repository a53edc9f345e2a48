import { Form, Link, useSearchParams } from "react-router";
import type { Sender } from "#domain/senders.ts";
import type { DeliveryState } from "#records/queues/inbox-lists.ts";
import { Button } from "../ui/button.tsx";
import { deliveryStateLabels } from "./state-badge.tsx";

const states = Object.keys(deliveryStateLabels) as DeliveryState[];
const senderWords: Record<Sender, string> = {
  stream: "Stream Video",
  practice: "Practice calls",
  reconcile: "Reconcile pass",
  attendee: "Attendee",
  recall: "Recall.ai",
  vexa: "Vexa",
};

interface Counted {
  counts: Record<DeliveryState, number>;
  /** Where counting stopped. */
  most: number;
}

/** State, sender and meeting of the deliveries shown; all of it lives in the address. */
export function InboxFilter({ counts, most }: Counted) {
  const [params] = useSearchParams();
  const current = params.get("state");
  const [sender, meeting] = [params.get("sender") ?? "", params.get("meeting") ?? ""];
  const addressOf = (state: string | null) => {
    const next = new URLSearchParams(params);
    next.delete("after");
    if (state === null) next.delete("state");
    else next.set("state", state);
    return `?${next}`;
  };
  return (
    <div className="mb-5 space-y-4">
      <ul aria-label="Show only" className="flex flex-wrap gap-1">
        {[null, ...states].map((state) => (
          <li key={state}>
            <Link
              to={addressOf(state)}
              aria-current={current === state ? "true" : undefined}
              className="inline-flex min-h-9 items-center rounded-full px-3 text-sm text-soft hover:bg-sunken aria-[current]:bg-accent-wash aria-[current]:font-semibold aria-[current]:text-accent-strong"
            >
              {state === null ? "All" : deliveryStateLabels[state].word}
              {state === null ? null : (
                <span className="figures ml-1.5">{counts[state] < most ? counts[state] : `${most}+`}</span>
              )}
            </Link>
          </li>
        ))}
      </ul>
      <Form role="search" key={`${sender} ${meeting}`} className="flex flex-wrap items-end gap-3">
        {current === null ? null : <input type="hidden" name="state" value={current} />}
        <label className="min-w-40 text-sm">
          <span className="mb-1 block text-soft">Sender</span>
          <select name="sender" defaultValue={sender} className="field">
            <option value="">All</option>
            {Object.entries(senderWords).map(([value, words]) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </select>
        </label>
        <label className="min-w-0 flex-1 basis-64 text-sm">
          <span className="mb-1 block text-soft">Meeting's id</span>
          <input
            name="meeting"
            defaultValue={meeting}
            autoComplete="off"
            spellCheck={false}
            className="field font-mono"
          />
        </label>
        <Button type="submit">Show</Button>
      </Form>
    </div>
  );
}
