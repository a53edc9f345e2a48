import { z } from "zod";
import { OurMetadata } from "./bot-key.ts";
import type { ReceivedEvent } from "./inbox.ts";
import { key } from "./text.ts";

/**
 * What Attendee tells by webhook, for bots and for other things of its project. Only what is used is read; everything
 * else stays in the stored body.
 * Source: attendee-labs/attendee `docs/webhooks.md` and `bots/tasks/deliver_webhook_task.py`.
 */
const AttendeeWebhook = z.object({
  idempotency_key: key(200).min(1),
  trigger: key(100).min(1),
  /** What its creator gave the bot; anything, where somebody else has bots in the same project. */
  bot_metadata: z.unknown().optional(),
  data: z.unknown().optional(),
});

const StateChange = z.object({ created_at: z.iso.datetime({ offset: true }) });

/** Names a delivery in all its tries. For bodies that `readAttendeeEvent` can read. */
export const attendeeIdempotencyKey = (body: unknown): string => AttendeeWebhook.parse(body).idempotency_key;

/** What a body says, read as Attendee's; throws where it is none. */
export function readAttendeeEvent(body: unknown): ReceivedEvent {
  const { trigger, bot_metadata, data } = AttendeeWebhook.parse(body);
  const isAboutState = trigger === "bot.state_change";
  const ours = OurMetadata.safeParse(bot_metadata).data;
  const told = StateChange.safeParse(data).data;
  return {
    type: trigger,
    subject: isAboutState && ours !== undefined ? { kind: "recorder", id: ours.recorderId } : null,
    missing: null,
    occurredAt: told === undefined ? null : new Date(told.created_at),
    route: isAboutState ? "subject" : "nowhere",
    eventAt: (at) => (isAboutState ? { type: "botChanged", at } : null),
  };
}
