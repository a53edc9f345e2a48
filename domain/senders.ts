import { readAttendeeEvent } from "./attendee-webhook.ts";
import { readCallEvent } from "./call-webhook.ts";
import type { ReceivedEvent } from "./inbox.ts";
import { readRecallEvent } from "./recall-webhook.ts";
import { readVexaEvent } from "./vexa-webhook.ts";

/** Who puts deliveries into the inbox. */
export const senders = ["stream", "practice", "reconcile", "attendee", "recall", "vexa"] as const;
export type Sender = (typeof senders)[number];

/** How each sender's bodies are read; what is none of its bodies throws. */
const readers: Record<Sender, (body: unknown) => ReceivedEvent> = {
  stream: readCallEvent,
  practice: readCallEvent,
  reconcile: readCallEvent,
  attendee: readAttendeeEvent,
  recall: readRecallEvent,
  vexa: readVexaEvent,
};

/** What a body says by the rules of its sender; null: it cannot be read as an event of this sender. */
export function readDelivery(sender: Sender, body: string): ReceivedEvent | null {
  try {
    return readers[sender](JSON.parse(body));
  } catch {
    return null;
  }
}
