import type { Model } from "./model.ts";

/** A call as its webhooks tell of it. */
export interface Session {
  meetingId: string;
  sessionId: string;
  startedAt: Date;
}

/**
 * One design of live meetings with everything it stands on: its processes, a durable Postgres of its own, a call
 * provider and a language model that are stand-ins. The scenarios do the same to both sides.
 */
export interface MeetingSide extends AsyncDisposable {
  name: "Convene" | "reference design";
  webhook: { url: string; apiKey: string; apiSecret: string };
  model: Model;
  /** The processes whose memory is the design's price, without Postgres; by name. */
  pids(): Map<string, number>;

  /** Makes meetings of one agent without a plan and gives their ids, once they can begin. */
  addMeetings(count: number): Promise<string[]>;
  /** The call begins at its provider, which tells by webhook; `isTold` false: nobody is told. */
  begin(meetingId: string, options?: { isTold?: boolean }): Promise<Session>;
  /** The call ends at its provider. Resolves when its webhook was answered; false: it never was, with 2xx. */
  end(meetingId: string): Promise<boolean>;
  /** Of these, the meetings in whose call an agent is, by the word of the design's own rows where it has any. */
  inCall(ids: readonly string[]): Promise<number>;
  /** Something is said in the call; false: no agent is there to hear it. */
  say(meetingId: string, speaker: "user" | "agent", text: string): Promise<boolean>;

  /** How many of these meetings are in each status. */
  statuses(ids: readonly string[]): Promise<Map<string, number>>;
  /** The texts that are stored of these meetings. */
  storedTexts(ids: readonly string[]): Promise<string[]>;
  /** SIGKILL to the process that works on events. Whoever watches over it starts it again at once. */
  kill(): Promise<void>;
}

export const countOf = (statuses: ReadonlyMap<string, number>, ...names: string[]) =>
  names.reduce((sum, name) => sum + (statuses.get(name) ?? 0), 0);
