import { z } from "zod";
import { botKeyPattern } from "./bot-key.ts";
import { isId } from "./ids.ts";
import type { ReceivedEvent } from "./inbox.ts";
import { key } from "./text.ts";

/**
 * What Vexa tells by webhook, of meetings and what was made of them. Whose bot it is, is said by the meeting's title,
 * which is the key that its plan was given. Only what is used is read; everything else stays in the stored body.
 * Source: Vexa-ai/vexa meeting-api, `webhooks/delivery.py` (build_envelope) and `lifecycle/webhook.py`.
 */
const VexaWebhook = z.object({
  event_id: key(200).min(1),
  event_type: key(100).min(1),
  created_at: z.unknown().optional(),
  data: z.unknown().optional(),
});

const Titled = z.object({ title: z.string().optional().catch(undefined) });
const About = z.object({ meeting: Titled.extend({ data: Titled.nullish().catch(undefined) }) });
const When = z.iso.datetime({ offset: true });

/** Names a delivery in all its tries. For bodies that `readVexaEvent` can read. */
export const vexaEventId = (body: unknown): string => VexaWebhook.parse(body).event_id;

/** What a body says, read as Vexa's; throws where it is none. */
export function readVexaEvent(body: unknown): ReceivedEvent {
  const { event_type, created_at, data } = VexaWebhook.parse(body);
  const isAboutBot = event_type.startsWith("meeting.") || event_type.startsWith("bot.");
  const meeting = About.safeParse(data).data?.meeting;
  const title = meeting?.data?.title ?? meeting?.title ?? "";
  const id = botKeyPattern.exec(title)?.[1];
  const at = When.safeParse(created_at).data;
  return {
    type: event_type,
    subject: isAboutBot && id !== undefined && isId(id) ? { kind: "recorder", id } : null,
    missing: null,
    occurredAt: at === undefined ? null : new Date(at),
    route: isAboutBot ? "subject" : "nowhere",
    eventAt: (now) => (isAboutBot ? { type: "botChanged", at: now } : null),
  };
}
