/**
 * Whoever carries a call: Stream, or the practice room of our own. An agent joins a call through a provider, and the
 * reconcile pass asks it what really happened. Nothing else of the product knows which provider it is.
 */
export interface CallProvider {
  /** As stored in `meeting.provider`. */
  id: CallProviderId;
  /**
   * Brings the agent into the call. Resolves when the session is configured; rejects with an `ApplicationFailure`
   * (`key_refused`, `provider_unavailable`, …) when that cannot be done.
   */
  connectAgent(seat: AgentSeat): Promise<AgentLink>;
  /** What the provider knows of the call's sessions, the oldest first; null: it has never heard of the call. */
  callState(meetingId: string, signal: AbortSignal): Promise<CallSession[] | null>;
  /** Sends everybody out and lets nobody in any more; no news for a call that has ended or never was. */
  endCall(meetingId: string, signal: AbortSignal): Promise<void>;
}

export type CallProviderId = "stream" | "practice";

/** What an agent brings to a call. */
export interface AgentSeat {
  meetingId: string;
  agentId: string;
  agentName: string;
  /** What the agent is told to do and be, without the conversation so far. */
  instructions: string;
  voice: string;
  /** Titles of the plan session's goals, for an agent without a language model; may be empty. */
  goals: string[];
  /** What was said before this link, oldest first: after a lost link or a roll-over the agent carries on from here. */
  soFar: { speaker: "user" | "agent"; text: string }[];
  signal: AbortSignal;
  /** Called for every event of the session, in order of arrival. Must not throw. */
  onEvent: (event: RealtimeEvent) => void;
}

/** An event as `@stream-io/openai-realtime-api` dispatches it: `time` is ISO 8601, `event` OpenAI's own message. */
export interface RealtimeEvent {
  time: string;
  source: "client" | "server";
  event: { type: string; [field: string]: unknown };
}

export interface AgentLink {
  /** Settles once, when the link is gone, whoever ended it. Every end that was not asked for is a loss to recover from. */
  closed: Promise<{ askedFor: boolean; reason: string }>;
  /** Leaves the call; settles when the provider's side is closed. */
  close(): Promise<void>;
}

/** One stretch of a call with people in it. Times are the provider's. */
export interface CallSession {
  id: string;
  startedAt: Date;
  endedAt: Date | null;
}
