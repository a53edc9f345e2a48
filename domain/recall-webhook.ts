import { z } from "zod";
import { OurMetadata } from "./bot-key.ts";
import type { ReceivedEvent } from "./inbox.ts";
import { key } from "./text.ts";

/**
 * What Recall tells by webhook, of bots and of what was made of their recordings. Only what is used is read; everything
 * else stays in the stored body. In the older form, `bot.status_change`, it repeats nothing of ours.
 * Source: docs.recall.ai `docs/bot-status-change-events`.
 */
const RecallWebhook = z.object({ event: key(100).min(1), data: z.unknown().optional() });

const About = z.object({ bot: z.object({ metadata: OurMetadata }) });
const Change = z.object({ data: z.object({ updated_at: z.iso.datetime({ offset: true }) }) });

/** What a body says, read as Recall's; throws where it is none. */
export function readRecallEvent(body: unknown): ReceivedEvent {
  const { event, data } = RecallWebhook.parse(body);
  const isAboutBot = event.startsWith("bot.");
  const about = About.safeParse(data).data;
  const told = Change.safeParse(data).data;
  return {
    type: event,
    subject: isAboutBot && about !== undefined ? { kind: "recorder", id: about.bot.metadata.recorderId } : null,
    missing: null,
    occurredAt: told === undefined ? null : new Date(told.data.updated_at),
    route: isAboutBot ? "subject" : "nowhere",
    eventAt: (at) => (isAboutBot ? { type: "botChanged", at } : null),
  };
}
