import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

export interface RecallChange {
  code: string;
  sub_code: string | null;
  created_at: Date;
}

export interface RecallRules {
  /** Between what Recall does by itself: leaving, and making the recording ready. */
  stepMs: number;
  /** `late`: only after `deliverRecording()`; `missing`: never. */
  recording: "ready" | "late" | "missing";
  now(): Date;
  changed(bot: FakeRecallBot, change: RecallChange): void;
}

export class CommandRefused extends Error {
  readonly code: string;
  constructor(code: string, detail: string) {
    super(detail);
    this.code = code;
  }
}

const over = ["call_ended", "done", "fatal"];
const inside = [
  "in_call_not_recording",
  "recording_permission_allowed",
  "recording_permission_denied",
  "in_call_recording",
];

export type FakeRecallBot = ReturnType<typeof createFakeRecallBot>;

/** One bot at Recall.ai: what its API knows of it, and what befalls it in the meeting. */
export function createFakeRecallBot(order: Record<string, unknown>, rules: RecallRules) {
  const changes: RecallChange[] = [];
  const utterances: { speaker: string; text: string; from: number; to: number }[] = [];
  const metadata = (order["metadata"] ?? {}) as Record<string, string>;
  let stuck: "recording" | "leaving" | null = null;
  let hasFile = false;
  let isErased = false;
  let leaves = 0;

  const state = () => changes.at(-1)?.code ?? "ready";
  const isOver = () => over.includes(state());

  const bot = {
    id: randomUUID(),
    order,
    key: metadata["key"] ?? null,
    meetingUrl: String(order["meeting_url"]),
    metadata,
    changes,
    utterances,
    state,
    isOver,
    isPresent: () => inside.includes(state()),
    /** How often the API was told to have it leave, refusals too. */
    leaves: () => leaves,
    hasRecording: () => hasFile && !isErased,
    begin: () => change("joining_call"),

    /** It was let in and records. */
    join() {
      for (const code of ["in_call_not_recording", "recording_permission_allowed", "in_call_recording"]) change(code);
    },
    waitingRoom: () => change("in_waiting_room"),
    admit: () => bot.join(),
    deny: () => leaveCall("bot_kicked_from_waiting_room"),
    /** Nobody let it in, for twenty minutes by default. */
    giveUpWaiting: () => leaveCall("timeout_exceeded_waiting_room"),
    /** It cannot get in, for another of Recall's reasons. */
    refuse: (subCode: string) => change("fatal", subCode),
    /** It was let in, and may not record. */
    forbidRecording() {
      change("in_call_not_recording");
      change("recording_permission_denied", "zoom_local_recording_request_denied_by_host");
    },
    kick: () => leaveByItself("bot_kicked_from_call"),
    end: () => leaveByItself("call_ended_by_host"),
    everyoneLeft: () => leaveByItself("timeout_exceeded_everyone_left"),
    silence: () => leaveByItself("timeout_exceeded_silence_detected"),
    crash: (subCode = "bot_errored") => change("fatal", subCode),
    /** From now on nothing that ends the meeting reaches it (`recording`), or it never gets out once told (`leaving`). */
    stick(where: "recording" | "leaving") {
      stuck = where;
    },
    say(speaker: string, text: string, [from, to]: readonly [number, number]) {
      utterances.push({ speaker, text, from, to });
    },
    deliverRecording() {
      hasFile = true;
    },

    /** `POST …/leave_call/`: it goes a moment later, and until then nothing tells that it will. */
    leave() {
      leaves += 1;
      if (isOver()) {
        const words = "Cannot send a command to a bot which has completed(is shutting/has shut down/has errored).";
        throw new CommandRefused("cannot_command_completed_bot", words);
      }
      if (state() === "ready") {
        throw new CommandRefused(
          "cannot_command_unstarted_bot",
          "Cannot send a command to a bot which has not been started.",
        );
      }
      if (stuck === "leaving") return;
      void sleep(rules.stepMs).then(() => (isOver() ? undefined : leaveCall("bot_received_leave_call")));
    },
    /** `POST …/delete_media/`. */
    eraseMedia() {
      if (!isOver()) throw new CommandRefused("cannot_delete_media", "Media of a bot in a call cannot be deleted.");
      isErased = true;
      utterances.length = 0;
    },
  };

  function leaveByItself(subCode: string): void {
    if (stuck !== "recording") leaveCall(subCode);
  }

  function leaveCall(subCode: string): void {
    change("call_ended", subCode);
    void sleep(rules.stepMs).then(() => {
      if (state() !== "call_ended") return;
      if (rules.recording === "ready") hasFile = changes.some(({ code }) => code === "in_call_recording");
      change("done");
    });
  }

  function change(code: string, subCode: string | null = null): void {
    if (isOver() && code !== "done") throw new Error(`A bot that is ${state()} cannot become ${code}`);
    const made = { code, sub_code: subCode, created_at: rules.now() };
    changes.push(made);
    rules.changed(bot, made);
  }

  return bot;
}
