import { callTold } from "./call-webhook.ts";
import type { Told } from "./inbox.ts";

/** Who puts deliveries into the inbox. */
export const senders = ["stream", "practice", "reconcile"] as const;
export type Sender = (typeof senders)[number];

/** How each sender's bodies are read; what is none of its bodies throws. */
const readers: Record<Sender, (body: unknown) => Told> = { stream: callTold, practice: callTold, reconcile: callTold };

/** What a body says by the rules of its sender; null: it cannot be read as an event of this sender. */
export function toldBy(sender: Sender, body: string): Told | null {
  try {
    return readers[sender](JSON.parse(body));
  } catch {
    return null;
  }
}
