import type { CallEvent, RealtimeEvent } from "./events.ts";

/**
 * A design of live meetings behind the operations that its weak points show by. Each design has a driver that fulfils
 * this; the scenarios know nothing else of it. Every scenario gets a system of its own, with a database of its own.
 *
 * Rules for all operations:
 * - The person who owns agents and meetings is one and the same, is in the call alone, and presses the page's buttons.
 * - An operation resolves when its request is answered; what the system does about it may come later. Scenarios wait.
 * - The call provider behind the system knows of a call what the genuine events delivered so far say: a start opens a
 *   session, an end closes the open one, an end without a start leaves no call. An event given a second time is the
 *   same delivery, byte for byte.
 * - What a system does on a timetable (repairs, reminders) its driver may run at once instead of waiting for its hour.
 */
export interface MeetingSystem extends AsyncDisposable {
  /** How long a scenario waits for what has to come; above what the system needs on a busy machine. */
  patienceMs: number;

  /** Makes an agent, with a plan of sessions by these names if there are any; gives its id. One agent per meeting. */
  addAgent(options?: { sessions?: string[] }): Promise<string>;
  /** Makes a meeting that may begin at any time; gives its id. */
  addMeeting(options: { agentId: string; prompt?: string }): Promise<string>;

  /** Posts the call provider's webhook, signed with its key, not at all, or with another one; one attempt. */
  deliver(event: CallEvent, options?: { signature?: "genuine" | "none" | "forged" }): Promise<Answer>;
  /** The call ends at its provider, now, and the webhook that tells of it is lost for good. */
  loseEndEvent(meetingId: string): Promise<void>;

  /**
   * Every agent that is in the call hears this event of its session. Waits for one if there is none; resolves, when it
   * was sent, with how many heard it (0: none came in time).
   */
  realtime(meetingId: string, event: RealtimeEvent): Promise<number>;
  /** How many times an agent got into the call so far, each reconnection counted. */
  agentConnections(meetingId: string): number;
  /** The next `times` attempts to bring an agent into a call are refused by the provider, as when it is overloaded. */
  refuseAgents(times: number): void;
  /** The connections of the agents in this call break, without anybody having asked for it. */
  loseAgent(meetingId: string): Promise<void>;

  /**
   * `kill -9` of whatever works on events, calls and analyses, all of it at once; its connections break. Resolves when
   * a new one runs on the same database. Where this is acted, nothing that the old one was about may happen any more.
   */
  restart(): Promise<void>;

  /** How the language model behaves from now on; at first it `answers`. Requests it holds are met by the new behaviour. */
  setModel(behaviour: ModelBehaviour): void;
  /** The text of each request the language model got so far, all messages of it, refused and held ones too. What was said is in it unchanged. */
  modelCalls(): string[];

  /** The next `times` statements of this kind fail as a database fails them; then all is well. */
  failNext(fault: DatabaseFault, times: number): void;
  /** Whether a statement has run into this fault since it was last asked for. */
  hasFailed(fault: DatabaseFault): boolean;

  /** The person leaves by the page's button; the provider's event is yet to come. False: the server is not told. */
  leave(meetingId: string): Promise<boolean>;
  /** The person calls the meeting off, by whatever there is for it; false: there is nothing. */
  cancel(meetingId: string): Promise<boolean>;
  /** The person presses **Try again** on the failure card; false: the server is asked nothing. */
  retry(meetingId: string): Promise<boolean>;

  /** The meeting as its owner sees it. Not met by `failNext`. */
  status(meetingId: string): Promise<MeetingState>;
  /** `GET /api/meetings/:id/status` by its owner, by another person who is signed in, or by nobody. */
  askStatus(meetingId: string, who: "owner" | "stranger" | "nobody"): Promise<Answer>;
  /** What was said, in the order the meeting's page shows it. Not met by `failNext`. */
  transcript(meetingId: string): Promise<TranscriptLine[]>;
  /** The meetings that were created as the next of this one. */
  nextMeetings(meetingId: string): Promise<{ name: string; status: string }[]>;

  /** What the call's page shows when it is loaded anew. */
  viewAfterReload(meetingId: string): Promise<CallPageView>;
  /**
   * Opens the processing view as a browser does that has lost any live connection, with a clock of its own that stands
   * still until it is turned. `answers` stands in for the status endpoint; without it the real one answers.
   */
  openProcessingPage(meetingId: string, answers?: () => Answer): ProcessingPage;
}

export interface Answer {
  status: number;
  /** Parsed where it is JSON, else null. */
  body: unknown;
}

/**
 * - `answers`: well and in the form asked for, after `afterMs`. Of a plan it takes the first open session as covered.
 * - `holds`: takes requests and answers none until it behaves otherwise.
 * - `fails`: the next `times` requests with 500, then as `answers`.
 * - `empty`: a proper answer without any content.
 * - `refuses`: for good, as with a wrong key (401).
 */
export type ModelBehaviour =
  | { kind: "answers"; afterMs?: number }
  | { kind: "holds" }
  | { kind: "fails"; times: number }
  | { kind: "empty" }
  | { kind: "refuses" };

/**
 * - `transcript read`: the analysis reads what was said.
 * - `transcript write`: one piece of the transcript is stored.
 * - `next meeting`: the next meeting is inserted.
 * - `next meeting's answer`: it is inserted and committed, and the answer is lost on the way back.
 */
export type DatabaseFault = "transcript read" | "transcript write" | "next meeting" | "next meeting's answer";

export interface MeetingState {
  status: "upcoming" | "active" | "processing" | "completed" | "failed" | "cancelled";
  /** Words for a person, when it failed. */
  error: string | null;
  summary: string | null;
  startedAt: Date | null;
  endedAt: Date | null;
}

export interface TranscriptLine {
  speaker: "user" | "agent";
  text: string;
  sequenceNumber: number;
}

/** `failed` and `completed` are what the processing view shows at its end; `completed` may be the result page, too. */
export type CallPageView = "lobby" | "call" | "processing" | "failed" | "completed";

export interface ProcessingPage {
  /** `lost`: it says that it cannot tell, or that there is no such meeting. */
  shows(): "processing" | "completed" | "failed" | "lost";
  /** The percentage on its bar. */
  percent(): number;
  /** How many times it has asked the status endpoint. */
  requests(): number;
  /** Turns its clock; resolves when everything due is done and answered. */
  turn(ms: number): Promise<void>;
  /** The person goes to another page. */
  close(): void;
}
