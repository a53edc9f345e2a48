import type { Logger } from "pino";
import type { PracticeSeat } from "#domain/practice.ts";
import { createLocalAgreement } from "./local-agreement.ts";
import type { Conversation, Utterance } from "./turn-taking.ts";
import type { SpeechBoundary, RecognizerStream } from "./recognizer.ts";
import { newItemId } from "./events.ts";

interface ListenerOptions {
  hearing: RecognizerStream;
  conversation: Pick<Conversation, "voiceStarted" | "voiceSoFar" | "voiceEnded">;
  /** Tells people whether the agent can hear; empty where it can. */
  note: (message: string) => void;
  log: Logger;
  interimMs?: number;
}

interface Microphone {
  seat: PracticeSeat;
  stream: string;
  voice: { utterance: Utterance; segment: number; timer: NodeJS.Timeout | undefined; soFar: string } | null;
  queue: Promise<void>;
  waiting: number;
  silence: NodeJS.Timeout | undefined;
}

/**
 * Sound that has waited longer than this, in pieces of a tenth of a second, is not worth hearing any more. While the
 * recogniser is being loaded, more of it may wait: those are the call's first words.
 */
const mostWaiting = { ready: 50, loading: 200 };
/** A microphone that sends nothing for this long says nothing more, whatever it had begun. */
const silenceMs = 1_200;
/** The detector tells of a voice a little after it began. */
const noticedAfterMs = 300;
const mostFailures = 3;
const slowMs = 1_500;

const preparing = "The agent is learning to hear: its speech model is being loaded. You can type meanwhile.";
const deaf = (why: string) => `The agent cannot hear you: ${why} Type to it instead.`;

/** Makes utterances of the sound of everybody's microphone, and hands them to the conversation. */
export function createUtteranceSegmenter({ hearing, conversation, note, log, interimMs = 800 }: ListenerOptions) {
  const microphones = new Map<number, Microphone>();
  const finishing = new Set<Promise<void>>();
  let failures = 0;
  let isDeaf = false;
  let isReady = false;

  const slow = setTimeout(() => note(preparing), slowMs);
  hearing.ready().then(
    () => {
      isReady = true;
      clearTimeout(slow);
      note("");
    },
    (error: unknown) => giveUp(error),
  );

  function giveUp(error: unknown) {
    clearTimeout(slow);
    if (isDeaf) return;
    isDeaf = true;
    log.warn({ err: error }, "the practice agent cannot hear");
    note(deaf(error instanceof Error ? error.message : String(error)));
  }

  /** Who is there now. Whoever is muted or gone has said what they had to say. */
  function seats(people: readonly PracticeSeat[]) {
    for (const [slot, microphone] of microphones) {
      const seat = people.find((each) => each.slot === slot);
      if (seat !== undefined) microphone.seat = seat;
      if (seat === undefined || seat.muted) flush(microphone);
      if (seat === undefined) remove(slot, microphone);
    }
    for (const seat of people) {
      if (microphones.has(seat.slot)) continue;
      const state = { voice: null, queue: Promise.resolve(), waiting: 0, silence: undefined };
      microphones.set(seat.slot, { seat, stream: newItemId(), ...state });
    }
  }

  function remove(slot: number, microphone: Microphone) {
    microphones.delete(slot);
    clearTimeout(microphone.silence);
    inTurn(microphone, async () => hearing.close(microphone.stream));
  }

  function sound(slot: number, samples: Int16Array) {
    const microphone = microphones.get(slot);
    if (isDeaf || microphone === undefined || microphone.waiting > mostWaiting[isReady ? "ready" : "loading"]) return;
    clearTimeout(microphone.silence);
    microphone.silence = setTimeout(() => flush(microphone), silenceMs);
    // Where the recogniser is behind, its news is of a time before.
    const cameAt = Date.now();
    inTurn(microphone, async () => take(microphone, await hearing.hear(microphone.stream, samples), cameAt));
  }

  function flush(microphone: Microphone) {
    clearTimeout(microphone.silence);
    // Nothing was begun: nobody waits for a recogniser that may still be loading.
    if (microphone.voice === null && microphone.waiting === 0) return;
    inTurn(microphone, async () => take(microphone, await hearing.flush(microphone.stream), Date.now()));
  }

  function inTurn(microphone: Microphone, work: () => Promise<void>) {
    if (isDeaf) return;
    microphone.waiting += 1;
    microphone.queue = microphone.queue
      .then(work)
      .catch((error: unknown) => lost(microphone, error))
      .finally(() => (microphone.waiting -= 1));
  }

  /** The recogniser ended under our hands: what was being heard is lost, what comes next is heard by another. */
  function lost(microphone: Microphone, error: unknown) {
    const { voice } = microphone;
    microphone.voice = null;
    if (voice !== null) {
      clearTimeout(voice.timer);
      conversation.voiceEnded(voice.utterance, voice.soFar);
    }
    failures += 1;
    if (failures >= mostFailures) giveUp(error);
  }

  function take(microphone: Microphone, news: readonly SpeechBoundary[], cameAt: number) {
    for (const { type, segment } of news) {
      if (type === "started") begin(microphone, segment, new Date(cameAt - noticedAfterMs));
      else end(microphone, segment);
    }
  }

  function begin(microphone: Microphone, segment: number, startedAt: Date) {
    const { id, name } = microphone.seat;
    const utterance: Utterance = { itemId: newItemId(), speaker: { id, name }, startedAt };
    microphone.voice = { utterance, segment, timer: undefined, soFar: "" };
    conversation.voiceStarted(utterance);
    askSoon(microphone, { agree: createLocalAgreement(), afterMs: interimMs });
  }

  /** Asks for the words so far again and again; less often on a machine that takes long to tell them. */
  function askSoon(microphone: Microphone, { agree, afterMs }: { agree: (soFar: string) => string; afterMs: number }) {
    const { voice } = microphone;
    if (voice === null) return;
    voice.timer = setTimeout(() => {
      const askedAt = Date.now();
      hearing
        .wordsSoFar(microphone.stream, voice.segment)
        .then((soFar) => {
          if (microphone.voice !== voice) return;
          if (soFar !== null) {
            voice.soFar = soFar;
            conversation.voiceSoFar(voice.utterance, { delta: agree(soFar), soFar });
          }
          askSoon(microphone, { agree, afterMs: Math.max(interimMs, 2 * (Date.now() - askedAt)) });
        })
        .catch(() => undefined);
    }, afterMs);
  }

  function end(microphone: Microphone, segment: number) {
    const { voice } = microphone;
    if (voice?.segment !== segment) return;
    clearTimeout(voice.timer);
    microphone.voice = null;
    const finished = hearing
      .words(microphone.stream, segment)
      .catch(() => voice.soFar)
      .then((text) => conversation.voiceEnded(voice.utterance, text || voice.soFar))
      .finally(() => finishing.delete(finished));
    finishing.add(finished);
  }

  return {
    seats,
    sound,
    /** Resolves when everything that was said has been handed over. */
    async finish() {
      for (const microphone of microphones.values()) flush(microphone);
      await Promise.all([...microphones.values()].map(({ queue }) => queue));
      await Promise.all(finishing);
    },
    close() {
      clearTimeout(slow);
      for (const [slot, microphone] of microphones) {
        if (microphone.voice !== null) clearTimeout(microphone.voice.timer);
        remove(slot, microphone);
      }
      isDeaf = true;
      hearing.letGo();
    },
  };
}
