import { setTimeout as sleep } from "node:timers/promises";

export interface VexaStep {
  from: string;
  to: string;
  timestamp: Date;
}

export interface VexaRules {
  /** Between what Vexa does by itself: joining, leaving, and putting the recording together. */
  stepMs: number;
  /** `late`: only after `deliverRecording()`; `missing`: never. */
  recording: "ready" | "late" | "missing";
  now(): Date;
  changed(bot: FakeVexaBot, step: VexaStep): void;
}

export interface VexaRow {
  id: number;
  platform: string;
  native: string;
  meetingUrl: string;
  title: string | null;
  status: string;
  createdAt: Date;
}

export const terminal = ["completed", "failed"];
const planned = ["idle", "scheduled"];

export type FakeVexaBot = ReturnType<typeof createFakeVexaBot>;

/** One meeting at Vexa, from its plan on: what its API knows of it, and what befalls its bot. */
export function createFakeVexaBot(row: VexaRow, rules: VexaRules) {
  const steps: VexaStep[] = [];
  const utterances: { speaker: string; text: string; from: number; to: number }[] = [];
  let stuck: "recording" | "leaving" | null = null;
  let reason: string | null = null;
  let hasFile = false;
  let isErased = false;
  let leaves = 0;

  const at = (...to: string[]) => steps.find((step) => to.includes(step.to))?.timestamp ?? null;

  const bot = {
    id: String(row.id),
    row,
    meetingUrl: row.meetingUrl,
    steps,
    utterances,
    order: {} as Record<string, unknown>,
    state: () => row.status,
    reason: () => reason,
    isPlanned: () => planned.includes(row.status),
    isOpen: () => !terminal.includes(row.status),
    isPresent: () => row.status === "active" || (row.status === "stopping" && at("active") !== null),
    startedAt: () => at("active"),
    endedAt: () => at(...terminal),
    isErased: () => isErased,
    hasRecording: () => hasFile && !isErased,
    leaves: () => leaves,

    /** A bot is sent into it. */
    spawn(order: Record<string, unknown>) {
      bot.order = order;
      step("requested");
      void sleep(rules.stepMs).then(() => (row.status === "requested" ? step("joining") : undefined));
    },
    join: () => step("active"),
    waitingRoom: () => step("awaiting_admission"),
    admit: () => bot.join(),
    deny: () => end("failed", "awaiting_admission_rejected"),
    giveUpWaiting: () => end("failed", "awaiting_admission_timeout"),
    refuse: (why: string) => end("failed", why),
    kick: () => leaveByItself("evicted"),
    /** Everybody goes; Vexa has no other word for a meeting's end. */
    end: () => leaveByItself("left_alone"),
    crash: () => end("failed", "join_failure"),
    stick(where: "recording" | "leaving") {
      stuck = where;
    },
    say(speaker: string, text: string, [from, to]: readonly [number, number]) {
      utterances.push({ speaker, text, from, to });
    },
    deliverRecording() {
      hasFile = true;
    },

    /** `DELETE /bots/{platform}/{native_meeting_id}`. */
    leave() {
      leaves += 1;
      if (row.status !== "stopping") step("stopping");
      if (stuck === "leaving") return;
      void sleep(rules.stepMs).then(() => (bot.isOpen() ? end("completed", "stopped") : undefined));
    },
    /** `DELETE /meetings/{id}` of one that is over: the record stays, what was recorded goes. */
    erase() {
      isErased = true;
      utterances.length = 0;
    },
  };

  function leaveByItself(why: string): void {
    if (stuck !== "recording") end("completed", why);
  }

  function end(to: string, why: string): void {
    reason = why;
    if (rules.recording === "ready") hasFile = at("active") !== null;
    step(to);
  }

  function step(to: string): void {
    if (!bot.isOpen()) throw new Error(`A bot that is ${row.status} cannot become ${to}`);
    const made = { from: row.status, to, timestamp: rules.now() };
    row.status = to;
    steps.push(made);
    rules.changed(bot, made);
  }

  return bot;
}
