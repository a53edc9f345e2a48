import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

/** Attendee's events with the states they are allowed in and lead to (`BotEventManager.VALID_TRANSITIONS`). */
const inCall = [
  "joined_recording_paused",
  "joined_recording",
  "joined_not_recording",
  "joined_recording_permission_denied",
];
const transitions = {
  join_requested: { from: ["ready", "staged"], to: "joining" },
  put_in_waiting_room: { from: ["joining"], to: "waiting_room" },
  joined_meeting: { from: ["waiting_room", "joining"], to: "joined_not_recording" },
  recording_permission_granted: {
    from: ["joined_not_recording", "joined_recording_permission_denied"],
    to: "joined_recording",
  },
  recording_permission_denied: { from: inCall, to: "joined_recording_permission_denied" },
  meeting_ended: { from: [...inCall, "waiting_room", "joining", "leaving"], to: "post_processing" },
  leave_requested: { from: [...inCall, "waiting_room", "joining"], to: "leaving" },
  left_meeting: { from: ["leaving"], to: "post_processing" },
  could_not_join_meeting: { from: ["joining", "waiting_room"], to: "fatal_error" },
  fatal_error: {
    from: [...inCall, "joining", "waiting_room", "leaving", "post_processing", "staged", "scheduled"],
    to: "fatal_error",
  },
  post_processing_completed: { from: ["post_processing"], to: "ended" },
  data_deleted: { from: ["fatal_error", "ended"], to: "data_deleted" },
} as const satisfies Record<string, { from: readonly string[]; to: string }>;
type EventType = keyof typeof transitions;

/** The states in which a bot is done and its key is free again. */
export const terminalStates = ["fatal_error", "ended", "data_deleted"];
/** The states in which people in the meeting see it. */
export const presentStates = [...inCall, "leaving"];

export interface BotEventRow {
  type: string;
  sub_type: string | null;
  created_at: Date;
  oldState: string;
  newState: string;
  metadata: { [key: string]: string | number | { [key: string]: string | null } };
}

export interface FakeUtterance {
  speaker: string;
  text: string;
  /** Seconds from the recording's start. */
  from: number;
  to: number;
}

export class TransitionRefused extends Error {}

export interface BotRules {
  /** Between what Attendee does by itself: leaving, and making the recording ready. */
  stepMs: number;
  /** `late`: only after `deliverRecording()`; `missing`: never. */
  recording: "ready" | "late" | "missing";
  now(): Date;
  changed(bot: FakeBot, event: BotEventRow): void;
}

export type FakeBot = ReturnType<typeof createFakeBot>;

/** One bot at Attendee: what its API knows of it, and what befalls it in the meeting. */
export function createFakeBot(order: Record<string, unknown>, rules: BotRules) {
  const events: BotEventRow[] = [];
  const utterances: FakeUtterance[] = [];
  const people: { name: string; type: "join" | "leave" | "speech_start" | "speech_stop"; at: number }[] = [];
  const metadata = (order["metadata"] ?? null) as Record<string, string> | null;
  let state = "ready";
  let stuck: "recording" | "leaving" | null = null;
  let hasFile = false;
  let leaves = 0;

  const bot = {
    id: `bot_${randomBytes(12).toString("base64url").slice(0, 16)}`,
    order,
    key: typeof order["deduplication_key"] === "string" ? order["deduplication_key"] : null,
    meetingUrl: String(order["meeting_url"]),
    metadata,
    createdAt: rules.now(),
    events,
    utterances,
    /** What befell the others in the meeting. */
    people,
    state: () => state,
    /** How often the API was told to have it leave, refusals too. */
    leaves: () => leaves,
    hasRecording: () => hasFile && state !== "data_deleted",
    /** When the recording's first second was. */
    recordingStart: () => events.find(({ type }) => type === "recording_permission_granted")?.created_at ?? null,

    /** It was let in and records. */
    join() {
      advance("joined_meeting");
      advance("recording_permission_granted");
    },
    waitingRoom: () => advance("put_in_waiting_room"),
    admit: () => bot.join(),
    deny: () => advance("could_not_join_meeting", "request_to_join_denied"),
    /** Nobody let it in, for fifteen minutes by default. */
    giveUpWaiting: () => advance("could_not_join_meeting", "waiting_room_timeout_exceeded"),
    /** It cannot get in, for another of Attendee's reasons. */
    refuse: (subType: string) => advance("could_not_join_meeting", subType),
    /** It was let in, and may not record. */
    forbidRecording() {
      if (state !== "joined_not_recording") advance("joined_meeting");
      advance("recording_permission_denied", "host_denied_permission");
    },
    /** Somebody removes it. Attendee tells that as the meeting's end; by Teams, with who it was. */
    kick() {
      const isTeams = bot.meetingUrl.startsWith("https://teams.");
      const person = { name: "Grace", uuid: "8:orgid:grace", user_uuid: null };
      leaveByItself("meeting_ended", null, isTeams ? { bot_removed_by: person } : {});
    },
    end: () => leaveByItself("meeting_ended"),
    everyoneLeft: () => leaveByItself("leave_requested", "auto_leave_only_participant_in_meeting"),
    silence: () => leaveByItself("leave_requested", "auto_leave_silence"),
    crash: (subType = "process_terminated") => advance("fatal_error", subType),
    /** From now on nothing that ends the meeting reaches it (`recording`), or it never gets out once told (`leaving`). */
    stick(where: "recording" | "leaving") {
      stuck = where;
    },
    say(speaker: string, text: string, [from, to]: readonly [number, number]) {
      utterances.push({ speaker, text, from, to });
    },
    /** Somebody comes, goes, begins to speak, or stops. */
    person(name: string, type: (typeof people)[number]["type"]) {
      people.push({ name, type, at: rules.now().getTime() });
    },
    deliverRecording() {
      hasFile = true;
    },

    /** `POST …/leave`. */
    leave() {
      leaves += 1;
      advance("leave_requested", "user_requested");
    },
    /** `POST …/delete_data`. */
    eraseData() {
      if (!terminalStates.includes(state) || state === "data_deleted") {
        throw new TransitionRefused("Bot is not in a state where the data deleted event can be created");
      }
      utterances.length = 0;
      advance("data_deleted");
    },
    begin: () => advance("join_requested", null, { source: "api" }),
  };

  function leaveByItself(type: EventType, subType: string | null = null, more: BotEventRow["metadata"] = {}): void {
    if (stuck !== "recording") advance(type, subType, more);
  }

  function advance(type: EventType, subType: string | null = null, more: BotEventRow["metadata"] = {}): void {
    const { from, to } = transitions[type];
    if (!(from as readonly string[]).includes(state)) {
      const allowed = from.join(", ");
      throw new TransitionRefused(
        `Event ${type} not allowed when bot is in state ${state}. It is only allowed in these states: ${allowed}`,
      );
    }
    const event = { type, sub_type: subType, created_at: rules.now(), oldState: state, newState: to, metadata: more };
    state = to;
    events.push(event);
    rules.changed(bot, event);
    if (to === "leaving" && stuck !== "leaving") later("left_meeting", "leaving");
    if (to === "post_processing") later("post_processing_completed", "post_processing");
  }

  // What Attendee goes on with by itself; nothing where something else came between.
  function later(type: EventType, only: string): void {
    void sleep(rules.stepMs).then(() => {
      if (state !== only) return;
      if (type === "post_processing_completed" && rules.recording === "ready") hasFile = bot.recordingStart() !== null;
      advance(type);
    });
  }

  return bot;
}
