/** `missing`: there is no such device; `refused`: it is not allowed; `unsupported`: this browser cannot. */
export type MicrophoneState = "off" | "asking" | "on" | "refused" | "missing" | "unsupported";

export interface MicrophoneOptions {
  onSamples: (samples: ArrayBuffer) => void;
  onState: (state: MicrophoneState) => void;
}

export type Microphone = ReturnType<typeof createMicrophone>;

interface Heard {
  samples: ArrayBuffer;
  level: number;
}

const workletUrl = "/practice-microphone.js";

/** The person's microphone as 16 kHz samples; the browser asks the person when it is opened. */
export function createMicrophone({ onSamples, onState }: MicrophoneOptions) {
  const listeners = new Set<() => void>();
  let opened: { stream: MediaStream; context: AudioContext } | null = null;
  let opening = 0;
  let isMuted = false;
  let level = 0;

  const setLevel = (next: number) => {
    // Speech lies around -20 dB: a square root shows it in the middle and not at the left end.
    level = isMuted ? 0 : Math.min(1, Math.sqrt(next) * 1.4);
    listeners.forEach((listener) => listener());
  };

  async function open(deviceId: string | null): Promise<void> {
    close();
    opening += 1;
    const mine = opening;
    if (!canCapture()) return onState("unsupported");
    onState("asking");
    try {
      const stream = await capture(deviceId);
      if (mine !== opening) return stop(stream);
      const context = await listenTo(stream);
      if (mine !== opening) {
        stop(stream);
        return void context.close();
      }
      opened = { stream, context };
      apply();
      // Unplugged, or taken back in the browser's settings.
      stream.getAudioTracks()[0]?.addEventListener("ended", () => {
        if (opened?.stream !== stream) return;
        close();
        onState("missing");
      });
      onState("on");
    } catch (error) {
      if (mine === opening) onState(stateFor(error));
    }
  }

  async function listenTo(stream: MediaStream): Promise<AudioContext> {
    const context = new AudioContext();
    try {
      await context.audioWorklet.addModule(workletUrl);
      const node = new AudioWorkletNode(context, "practice-microphone");
      node.port.addEventListener("message", ({ data }: MessageEvent<Heard>) => {
        setLevel(data.level);
        if (!isMuted) onSamples(data.samples);
      });
      node.port.start();
      // A node is only run while it leads somewhere; this one writes silence.
      context.createMediaStreamSource(stream).connect(node).connect(context.destination);
      // Not waited for: without a touch of the page some browsers start it only with the next one.
      void context.resume();
      addEventListener("pointerdown", () => void context.resume().catch(() => undefined), { once: true });
      return context;
    } catch (error) {
      stop(stream);
      void context.close();
      throw error;
    }
  }

  // The browser's own light goes out as well.
  function apply() {
    for (const track of opened?.stream.getAudioTracks() ?? []) track.enabled = !isMuted;
  }

  function close() {
    opening += 1;
    const last = opened;
    opened = null;
    setLevel(0);
    if (last === null) return;
    stop(last.stream);
    void last.context.close();
  }

  return {
    open,
    close,
    mute(muted: boolean) {
      isMuted = muted;
      apply();
      setLevel(0);
    },
    /** How loud it is now, from 0 to 1. */
    level: () => level,
    onLevel(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

const canCapture = () => "mediaDevices" in navigator && typeof AudioWorkletNode !== "undefined";

function capture(deviceId: string | null): Promise<MediaStream> {
  const wanted = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  const device = deviceId === null ? {} : { deviceId: { ideal: deviceId } };
  return navigator.mediaDevices.getUserMedia({ audio: { ...wanted, ...device } });
}

const stop = (stream: MediaStream) => stream.getTracks().forEach((track) => track.stop());

function stateFor(error: unknown): MicrophoneState {
  if (!(error instanceof DOMException)) return "unsupported";
  if (error.name === "NotAllowedError" || error.name === "SecurityError") return "refused";
  // In use by another program: the same to the person as none.
  return ["NotFoundError", "NotReadableError", "OverconstrainedError"].includes(error.name) ? "missing" : "unsupported";
}
