import { isoWithOffset } from "../ui/local-time.ts";
import { CaptureError, captureSound, stopTracks } from "./capture-sound.ts";
import type { WantedSound } from "./capture-sound.ts";
import { createLeftovers } from "./leftovers.ts";
import { recordingKind } from "./mix.ts";
import { elapsedMs, idleState, noSound } from "./recorder-state.ts";
import type { RecorderNotice, RecorderState } from "./recorder-state.ts";
import { sendSound } from "./sender.ts";
import { openRecordingStore } from "./recording-store.ts";
import type { KeptRecording, RecordingDetails } from "./recording-store.ts";
import { createSound } from "./sound.ts";
import type { Sound } from "./sound.ts";
import { startSoundRecorder } from "./sound-recorder.ts";
import { createUploadClient, Refusal } from "./upload-client.ts";

export interface RecordingOrder extends WantedSound {
  details: Omit<RecordingDetails, "filename" | "recordedAt">;
  longestMs: number;
}

export type Recorder = ReturnType<typeof createRecorder>;

/** Records what the browser hears and sends it meanwhile, whatever page is shown; lives as long as the shell. */
export function createRecorder(userId: string) {
  let state = idleState;
  let recorder: ReturnType<typeof startSoundRecorder> | null = null;
  let closing = new AbortController();
  const listeners = new Set<() => void>();
  const store = openRecordingStore();
  const client = createUploadClient();

  const set = (next: Partial<RecorderState>) => {
    state = { ...state, ...next };
    listeners.forEach((listener) => listener());
  };
  const reset = (next: Partial<RecorderState> = {}) => set({ ...idleState, leftovers: state.leftovers, ...next });
  const leftovers = createLeftovers({ userId, store, client, onChange: (list) => set({ leftovers: list }) });

  async function start(order: RecordingOrder): Promise<void> {
    if (state.phase !== "idle") return;
    reset({ phase: "opening", title: order.details.title });
    let captured = noSound;
    try {
      captured = await captureSound(order);
      const details = { ...order.details, filename: fileName(), recordedAt: isoWithOffset(new Date()) };
      const url = await client.begin(details);
      const kept = { id: crypto.randomUUID(), userId, url, details, startedAt: Date.now() };
      const sound = createSound(kept.id, store);
      recorder = startSoundRecorder({
        captured,
        onPart: (part) => take(sound, part, order.longestMs),
        onStopped: () => sound.end(),
        onNews: (kind) => tell(kind),
      });
      set({ phase: "recording", captured, runningSince: Date.now() });
      void leftovers.hold(kept.id, () => send(kept, sound));
    } catch (error) {
      stopTracks(captured.tab);
      stopTracks(captured.microphone);
      reset({ problem: problemOf(error) });
    }
  }

  function take(sound: Sound, part: Blob, longestMs: number): void {
    sound.append(part);
    set({ size: sound.size() });
    if (elapsedMs(state, Date.now()) >= longestMs) tell("longest");
  }

  /** What happens by itself. All but a microphone that is lost beside a tab's sound ends the recording. */
  function tell(kind: RecorderNotice, detail = ""): void {
    if (recorder === null) return;
    set({ news: { kind, detail } });
    if (kind !== "microphone-lost" || state.captured.tab === null) stop();
  }

  function stop(): void {
    if (recorder === null) return;
    const last = recorder;
    recorder = null;
    set({ phase: "saving", recordedMs: elapsedMs(state, Date.now()), runningSince: null });
    last.stop();
  }

  async function send(kept: KeptRecording, sound: Sound): Promise<void> {
    const { signal } = closing;
    // A browser that keeps nothing still records; memory holds it then.
    const keep = (url: string | null) => store.keep({ ...kept, url }).catch(() => undefined);
    await keep(kept.url);
    const begin = async () => {
      const url = await client.begin(kept.details, signal);
      await keep(url);
      return url;
    };
    const onState = (sender: RecorderState["sender"]) => set({ sender });
    const onFull = (detail: string) => tell("full", detail);
    const options = { client, sound, userId, url: kept.url, begin, onState, onFull };
    const conversationId = await sendSound(options, signal);
    if (signal.aborted) return;
    await store.remove(kept.id).catch(() => undefined);
    if (conversationId !== null) return set({ phase: "saved", captured: noSound, conversationId });
    if (kept.url !== null) await client.remove(kept.url).catch(() => undefined);
    reset({ problem: "nothing-recorded" });
  }

  return {
    getState: () => state,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    start,
    stop,
    pause() {
      if (state.phase !== "recording") return;
      recorder?.pause();
      set({ phase: "paused", recordedMs: elapsedMs(state, Date.now()), runningSince: null });
    },
    resume() {
      if (state.phase !== "paused") return;
      recorder?.resume();
      set({ phase: "recording", runningSince: Date.now() });
    },
    mute(isMuted: boolean) {
      for (const track of state.captured.microphone?.getTracks() ?? []) track.enabled = !isMuted;
      set({ isMuted });
    },
    /** Puts what is over out of sight. */
    dismiss: () => reset(),
    leftovers,
    /** Brings to their end what earlier pages have left. */
    open() {
      closing = new AbortController();
      leftovers.open(closing.signal);
    },
    /** The person leaves: recording stops, and what is not sent waits in the browser until they are back. */
    close() {
      stop();
      closing.abort();
    },
  };
}

function fileName(): string {
  const now = new Date();
  const two = (count: number) => String(count).padStart(2, "0");
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  return `Recording ${day} ${two(now.getHours())}.${two(now.getMinutes())}.${recordingKind().extension}`;
}

function problemOf(error: unknown): RecorderState["problem"] {
  if (error instanceof CaptureError) return error.failure;
  if (error instanceof Refusal) return { detail: error.message };
  if (error instanceof DOMException && error.name !== "TimeoutError")
    return { detail: `It could not be recorded here: ${error.message}` };
  return "unreachable";
}
