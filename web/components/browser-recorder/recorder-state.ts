import type { CapturedSound, CaptureFailure } from "./capture-sound.ts";
import type { Leftover } from "./leftovers.ts";
import type { SenderState } from "./sender.ts";
import type { SoundRecorderEvent } from "./sound-recorder.ts";

export type RecorderNotice = SoundRecorderEvent | "full" | "longest";

export interface RecorderState {
  phase: "idle" | "opening" | "recording" | "paused" | "saving" | "saved";
  title: string;
  /** Why the last try left no recording. */
  problem: CaptureFailure | "nothing-recorded" | "unreachable" | { detail: string } | null;
  news: { kind: RecorderNotice; detail: string } | null;
  /** Time recorded before the last pause, and since when it goes on. */
  recordedMs: number;
  runningSince: number | null;
  size: number;
  sender: SenderState;
  captured: CapturedSound;
  isMuted: boolean;
  conversationId: string | null;
  leftovers: readonly Leftover[];
}

export const noSound: CapturedSound = { tab: null, microphone: null };

export const idleState: RecorderState = {
  phase: "idle",
  title: "",
  problem: null,
  news: null,
  recordedMs: 0,
  runningSince: null,
  size: 0,
  sender: { state: "sending", sent: 0, problem: null },
  captured: noSound,
  isMuted: false,
  conversationId: null,
  leftovers: [],
};

export const elapsedMs = ({ recordedMs, runningSince }: RecorderState, now: number): number =>
  recordedMs + (runningSince === null ? 0 : Math.max(0, now - runningSince));

/** Whether leaving the page now would cost sound that only this page has. */
export const isUnderWay = ({ phase }: RecorderState): boolean => ["recording", "paused", "saving"].includes(phase);
