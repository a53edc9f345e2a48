import { createPracticeClient } from "./practice-client.ts";
import type { PracticeClient, PracticeClientOptions, PracticeState } from "./practice-client.ts";
import { createMicrophone } from "./practice-microphone.ts";
import type { Microphone, MicrophoneState } from "./practice-microphone.ts";
import { createVoice } from "./practice-voice.ts";
import type { Voice, VoiceState } from "./practice-voice.ts";

/** All that is to be shown of a call, as it is now. */
export interface PracticeView extends PracticeState {
  microphone: MicrophoneState;
  isMuted: boolean;
  voice: VoiceState;
  isVoiceOn: boolean;
}

export interface PracticeSeatOptions extends Pick<PracticeClientOptions, "meetingId" | "ticket"> {
  /** Null for the browser's own choice. */
  microphoneId: string | null;
}

export type PracticeSession = ReturnType<typeof createPracticeSession>;

const before: PracticeView = {
  connection: { state: "connecting" },
  participantId: null,
  people: [],
  agent: { name: "", state: "away", message: "" },
  captions: [],
  startedAt: null,
  outcome: null,
  microphone: "off",
  isMuted: false,
  voice: "unknown",
  isVoiceOn: true,
};

/** A person's part in a practice call with microphone and voice, as a store that a view follows. */
export function createPracticeSession() {
  const listeners = new Set<() => void>();
  const levelListeners = new Set<() => void>();
  let view = before;
  let parts: { client: PracticeClient; microphone: Microphone; voice: Voice; microphoneId: string | null } | null =
    null;

  const change = (next: Partial<PracticeView>) => {
    view = { ...view, ...next };
    listeners.forEach((listener) => listener());
  };

  function start({ meetingId, ticket, microphoneId }: PracticeSeatOptions) {
    const voice = createVoice({
      onSpoken: (itemId, chars, done) => client.spoken(itemId, chars, done),
      onState: (state) => change({ voice: state }),
    });
    const client = createPracticeClient({
      meetingId,
      ticket,
      onCaption(caption) {
        if (caption.speaker === "agent") voice.say(caption);
      },
    });
    const microphone = createMicrophone({
      onSamples: client.sound,
      onState: (state) => change({ microphone: state }),
    });
    microphone.onLevel(() => levelListeners.forEach((listener) => listener()));
    client.subscribe(() => {
      const { outcome } = client.state();
      if (outcome !== null && view.outcome === null) {
        microphone.close();
        voice.hush();
      }
      change(client.state());
    });
    parts = { client, microphone, voice, microphoneId };
    change({ ...before, voice: voice.state() });
    client.start();
    void microphone.open(microphoneId);
  }

  function stop() {
    const last = parts;
    parts = null;
    last?.microphone.close();
    last?.voice.close();
    last?.client.close();
  }

  const openMicrophone = () => void parts?.microphone.open(parts.microphoneId);

  return {
    view: () => view,
    viewBefore: () => before,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    /** How loud the microphone is, from 0 to 1. */
    level: () => parts?.microphone.level() ?? 0,
    onLevel(listener: () => void) {
      levelListeners.add(listener);
      return () => void levelListeners.delete(listener);
    },
    start,
    stop,
    mute(isMuted: boolean) {
      parts?.microphone.mute(isMuted);
      parts?.client.mute(isMuted);
      change({ isMuted });
    },
    /** Asks for the microphone again, such as after the person has allowed it. */
    openMicrophone,
    turnVoice(isVoiceOn: boolean) {
      parts?.voice.turn(isVoiceOn);
      change({ isVoiceOn });
    },
    /** False: there is no connection now, and nothing was said. */
    say(text: string): boolean {
      const isSaid = parts?.client.say(text) ?? false;
      // What is typed is an answer to what was read, so the voice need not go on.
      if (isSaid) parts?.voice.hush();
      return isSaid;
    },
    interrupt() {
      parts?.voice.hush();
      parts?.client.interrupt();
    },
    leave: () => parts?.client.leave(),
    endForAll: () => parts?.client.endForAll(),
    retryNow: () => parts?.client.retryNow(),
    /** Comes back from where this person had joined elsewhere. */
    comeBack() {
      parts?.client.start();
      openMicrophone();
    },
  };
}
