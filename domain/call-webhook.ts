import { z } from "zod";
import { isId } from "./ids.ts";
import type { ReceivedEvent } from "./inbox.ts";
import type { CallEvent } from "./meeting.ts";
import type { PersonEvent } from "./presence.ts";
import type { Person } from "./realtime-events.ts";
import { key, line, textLimits } from "./text.ts";

/**
 * What a provider of calls tells by webhook, in Stream Video's shape; the practice room and the reconcile pass speak it
 * too. Only what is used is read; everything else stays in the stored body.
 * Source: Stream's `src/gen/models` (CallSessionStartedEvent, CallSessionEndedEvent, CallEndedEvent, CallRecordingReadyEvent).
 */
const When = z.iso.datetime({ offset: true });

/** A field that may be missing, null or ill-formed, which all come to the same: an event is worth its other fields. */
const maybe = <Schema extends z.ZodType>(schema: Schema) =>
  schema
    .nullish()
    .catch(undefined)
    .transform((value): z.output<Schema> | undefined => value ?? undefined)
    .optional();

export const CallWebhook = z.object({
  type: key(100).min(1),
  // An ill-formed one is nobody's call, which is not the same as none: see `isOwnCall`.
  call_cid: key(200)
    .nullish()
    .catch("")
    .transform((cid) => cid ?? undefined)
    .optional(),
  created_at: maybe(When),
  session_id: maybe(key(200)),
  call: maybe(
    z.object({
      custom: maybe(z.object({ meetingId: maybe(key(200).min(1)) })),
      session: maybe(z.object({ started_at: maybe(When), ended_at: maybe(When) })),
    }),
  ),
  participant: maybe(
    z.object({
      user_session_id: maybe(key(200)),
      user: maybe(z.object({ id: key(200), name: maybe(line(textLimits.speaker)) })),
    }),
  ),
  call_transcription: maybe(z.object({ url: z.url().max(4000), start_time: maybe(When) })),
  call_recording: maybe(
    z.object({ filename: maybe(z.string().max(500)), url: z.url().max(4000), session_id: maybe(key(200)) }),
  ),
});
export type CallWebhook = z.infer<typeof CallWebhook>;

/** The two event types that speak of; without a meeting id they are refused. */
const needsMeeting = ["call.session_started", "call.session_ended"];
export const isAboutMeeting = ({ type }: Pick<CallWebhook, "type">) => needsMeeting.includes(type);

/**
 * Whether an event that names a meeting comes from that meeting's own call. Whoever may enter one call could create it
 * with another meeting's id in its custom data.
 */
const isOwnCall = ({ call, call_cid }: CallWebhook): boolean =>
  call?.custom?.meetingId === undefined || call_cid === undefined || call_cid === `default:${call.custom.meetingId}`;

/** the meeting's id from `call.custom.meetingId`; events about artefacts have it in `call_cid` only. */
export const meetingIdOf = ({ call, call_cid }: CallWebhook): string | null =>
  call?.custom?.meetingId ?? (call_cid?.startsWith("default:") ? call_cid.slice("default:".length) : null);

const personEvents: Record<string, PersonEvent["type"]> = {
  "call.session_participant_joined": "personJoined",
  "call.session_participant_left": "personLeft",
};

/** What keeps what a provider offers of a call after its end, for a time only. */
export type ArtefactWorkflow = "callAudio" | "callTranscript";
const artefactWorkflows: Record<string, ArtefactWorkflow> = {
  "call.recording_ready": "callAudio",
  "call.transcription_ready": "callTranscript",
};

/** Every event that is used, by the provider's names; all others are stored and do nothing. */
export const usedEvents: readonly string[] = [
  ...needsMeeting,
  "call.ended",
  ...Object.keys(personEvents),
  ...Object.keys(artefactWorkflows),
];

/** Which way an event goes: to the meeting's workflow, to one for artefacts, or nowhere but the inbox. */
export function routeOf({ type }: Pick<CallWebhook, "type">): ReceivedEvent["route"] {
  if (needsMeeting.includes(type) || type === "call.ended" || Object.hasOwn(personEvents, type)) return "subject";
  return Object.hasOwn(artefactWorkflows, type) ? (artefactWorkflows[type] ?? "nowhere") : "nowhere";
}

/** When it happened by the provider's clock: the session's own time, else the event's; null where neither is told. */
export function occurredAt({ type, created_at, call }: CallWebhook): Date | null {
  const session = call?.session;
  const told = type === "call.session_started" ? session?.started_at : session?.ended_at;
  const at = told ?? created_at;
  return at === undefined ? null : new Date(at);
}

/** What moves a meeting: something of its call, or somebody's coming and leaving. */
export type MeetingEvent = Extract<CallEvent, { type: "callStarted" | "callEnded" }> | PersonEvent;

/**
 * The event as the rules of a meeting know it; null for types that move no meeting, and for the agent's own coming and
 * leaving: an agent alone in a call is no meeting.
 */
export function meetingEventOf({ type, participant }: CallWebhook, at: number, agentId: string | null) {
  if (type === "call.session_started") return { type: "callStarted", at } as const;
  if (type === "call.session_ended" || type === "call.ended") return { type: "callEnded", at } as const;
  const personEvent = personEvents[type];
  const userId = participant?.user?.id;
  const person = participant?.user_session_id ?? userId;
  if (personEvent === undefined || person === undefined || (userId !== undefined && userId === agentId)) return null;
  return { type: personEvent, person, at, ...(userId === undefined ? {} : { user: userId }) };
}

function whoCame({ type, participant }: CallWebhook): Person | null {
  const user = participant?.user;
  if (personEvents[type] !== "personJoined" || user === undefined || user.id === "") return null;
  return { id: user.id, name: user.name || null };
}

/** What a body says, read as an event of a call; throws where it is none. */
export function readCallEvent(body: unknown): ReceivedEvent {
  const webhook = CallWebhook.parse(body);
  const named = meetingIdOf(webhook);
  const isNamed = named !== null && isId(named) && isOwnCall(webhook);
  return {
    type: webhook.type,
    subject: isNamed ? { kind: "meeting", id: named } : null,
    missing: isAboutMeeting(webhook) && webhook.call?.custom?.meetingId === undefined ? "meetingId" : null,
    occurredAt: occurredAt(webhook),
    came: whoCame(webhook),
    route: routeOf(webhook),
    eventAt: (at, agentId) => meetingEventOf(webhook, at, agentId),
  };
}
