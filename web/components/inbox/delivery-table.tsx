import { Link, href, useSearchParams } from "react-router";
import type { DeliveryState } from "#records/queues/inbox-lists.ts";
import { Time } from "../ui/time.tsx";
import { StateBadge } from "./state-badge.tsx";

export interface ListedDelivery {
  id: string;
  sender: string;
  type: string;
  meetingId: string | null;
  state: string;
  attempts: number;
  error: string | null;
  receivedAt: Date;
}

const heading = "px-4 py-2.5 text-left font-medium";

export function DeliveryTable({ items }: { items: readonly ListedDelivery[] }) {
  return (
    <div className="panel overflow-x-auto" tabIndex={0} role="region" aria-label="Deliveries">
      <table className="w-full text-sm">
        <thead className="border-b border-line text-soft">
          <tr>
            <th className={heading}>Delivery</th>
            <th className={heading}>State</th>
            <th className={heading}>Meeting</th>
            <th className={heading}>Tries</th>
            <th className={heading}>Received</th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {items.map((delivery) => (
            <tr key={delivery.id} className="align-top hover:bg-sunken">
              <td className="max-w-80 min-w-48 px-4 py-3">
                <Link to={href("/inbox/:id", { id: delivery.id })} className="font-medium hover:underline">
                  {delivery.type}
                </Link>
                <span className="block text-soft">{delivery.sender}</span>
                {delivery.error === null ? null : <span className="block text-danger">{delivery.error}</span>}
              </td>
              <td className="px-4 py-3">
                <StateBadge state={delivery.state as DeliveryState} />
              </td>
              <td className="px-4 py-3">
                {delivery.meetingId === null ? <span className="text-soft">none</span> : <Meeting {...delivery} />}
              </td>
              <td className="figures px-4 py-3">{delivery.attempts}</td>
              <td className="px-4 py-3 whitespace-nowrap text-soft">
                <Time at={delivery.receivedAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Meeting({ meetingId }: Pick<ListedDelivery, "meetingId">) {
  const [params] = useSearchParams();
  const id = String(meetingId);
  // The end of an id tells meetings of one hour apart; its beginning is the time.
  const words = <code className="font-mono whitespace-nowrap">…{id.slice(-12)}</code>;
  if (params.get("meeting") === id) return words;
  return (
    <Link to={`?meeting=${id}`} className="link" aria-label={`Only the deliveries of meeting ${id}`}>
      {words}
    </Link>
  );
}
