/** Who sends recording bots into meetings. */
export const botProviders = ["attendee", "recall", "vexa"] as const;
export type BotProviderId = (typeof botProviders)[number];
export const isBotProvider = (name: string): name is BotProviderId =>
  (botProviders as readonly string[]).includes(name);

/**
 * Where a bot stands, in one vocabulary for all providers, in the order it goes through. `processing`: it has left and
 * its recording is being made ready; `ended` and `failed` are final.
 */
export const botStates = [
  "requested",
  "joining",
  "waiting_room",
  "in_call",
  "recording",
  "leaving",
  "processing",
  "ended",
  "failed",
] as const;
export type BotState = (typeof botStates)[number];

/** Whether the bot is out of the meeting for good, and there is nothing of it to wait for. */
export const isBotDone = (state: BotState) => state === "ended" || state === "failed";
/** Whether `state` lies before `other` on a bot's way. */
export const isBotBefore = (state: BotState, other: BotState) => botStates.indexOf(state) < botStates.indexOf(other);
/** Whether it was let in and has not left yet. */
export const isBotInCall = (state: BotState) => state === "in_call" || state === "recording";

/** Why a bot is out of a meeting, with what people read. */
export const botReasons = {
  meeting_ended: "The meeting ended.",
  stopped: "The bot was told to leave.",
  unwanted: "The bot left, since the meeting was not to be recorded any more.",
  removed: "Somebody in the meeting removed the bot.",
  denied: "The bot was not let in.",
  waiting_room_timeout: "Nobody let the bot in, so it gave up waiting.",
  alone: "Everybody else had left.",
  silent: "Nobody had spoken for long.",
  not_started: "The meeting did not begin while the bot waited.",
  recording_denied: "Recording was not allowed in the meeting.",
  meeting_not_found: "There is no such meeting, or its link has expired.",
  sign_in_required: "The meeting lets only signed-in people in.",
  not_set_up: "The account at the bot's provider is not set up for this platform, or used up.",
  too_long: "The bot had been in the meeting for as long as it may.",
  crashed: "The bot broke down at its provider.",
  unknown: "The bot left for a reason that its provider does not say.",
} as const;
export type BotReason = keyof typeof botReasons;

/** A bot as its provider tells of it. */
export interface BotStatus {
  /** The provider's id. */
  id: string;
  state: BotState;
  /** Of a bot that is out of the meeting, or on its way. */
  reason: BotReason | null;
  /** The provider's own word for the reason, such as `fatal_error could_not_join_meeting`; empty where it says none. */
  detail: string;
  /** When it came to be in this state, by the provider's clock. */
  at: Date;
  joinedAt: Date | null;
  leftAt: Date | null;
}
