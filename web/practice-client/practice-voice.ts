import type { PracticeCaption } from "#domain/practice.ts";

export type VoiceState = "unknown" | "available" | "missing";

export interface VoiceOptions {
  /** How many characters of a reply have been said aloud (or, without a voice, shown). */
  onSpoken: (itemId: string, chars: number, done: boolean) => void;
  onState: (state: VoiceState) => void;
  /** How long the browser's voices may take to be found. */
  findMs?: number;
}

export type Voice = ReturnType<typeof createVoice>;

interface Reply {
  itemId: string;
  text: string;
  isWhole: boolean;
  /** Up to here it has been handed to the browser's voice. */
  handed: number;
  waiting: number;
  /** Up to here it has been said. */
  said: number;
}

const sentenceEnd = /[.!?…]+["')\]]*\s+/g;
const reportEveryMs = 300;
/** A voice that does not begin within this time, or does not end in time, will not. */
const beginMs = 4_000;
const msPerChar = 150;

/** Says the agent's replies aloud by the browser's own voice, sentence by sentence while they come. */
export function createVoice({ onSpoken, onState, findMs = 1_500 }: VoiceOptions) {
  const synthesis = typeof window !== "undefined" && "speechSynthesis" in window ? window.speechSynthesis : null;
  let state: VoiceState = "unknown";
  let isOn = true;
  let reply: Reply | null = null;
  let generation = 0;
  let reportedAt = 0;
  let lastDone = "";

  const become = (next: VoiceState) => {
    if (next === state) return;
    state = next;
    onState(next);
  };
  const look = () => {
    if (synthesis !== null && synthesis.getVoices().length > 0) become("available");
  };
  look();
  synthesis?.addEventListener("voiceschanged", look);
  const search = setTimeout(() => {
    if (state !== "unknown") return;
    become("missing");
    goOn();
  }, findMs);

  /** A caption of the agent's, again with each piece that comes to it. */
  function say({ itemId, text, final, interrupted }: PracticeCaption) {
    if (interrupted) return itemId === reply?.itemId ? hush() : undefined;
    if (itemId !== reply?.itemId) {
      if (itemId === lastDone) return;
      hush();
      reply = { itemId, text, isWhole: final, handed: 0, waiting: 0, said: 0 };
    }
    Object.assign(reply, { text, isWhole: final });
    goOn();
  }

  function goOn() {
    if (reply === null || state === "unknown") return;
    if (state === "missing" || !isOn || synthesis === null) {
      if (reply.isWhole) done(reply);
      return;
    }
    for (const { from, to } of sentences(reply)) speak(reply, from, to);
    if (reply.isWhole && reply.waiting === 0 && reply.handed >= reply.text.trimEnd().length) done(reply);
  }

  function speak(mine: Reply, from: number, to: number) {
    if (synthesis === null) return;
    mine.handed = to;
    const words = mine.text.slice(from, to);
    if (words.trim() === "") return;
    const spokenIn = generation;
    const utterance = new SpeechSynthesisUtterance(words);
    const voice = voiceOf(synthesis);
    if (voice) utterance.voice = voice;
    let late: ReturnType<typeof setTimeout> | undefined;
    const fail = () => {
      if (spokenIn !== generation) return;
      become("missing");
      synthesis.cancel();
      over();
    };
    const over = () => {
      clearTimeout(late);
      if (spokenIn !== generation || reply !== mine) return;
      mine.waiting -= 1;
      report(mine, to, true);
      goOn();
    };
    const isFirst = mine.waiting === 0;
    mine.waiting += 1;
    utterance.addEventListener("start", () => {
      if (spokenIn !== generation) return;
      clearTimeout(late);
      late = setTimeout(over, beginMs + words.length * msPerChar);
      report(mine, from, true);
    });
    utterance.addEventListener("boundary", ({ charIndex }) => {
      if (spokenIn === generation) report(mine, from + charIndex, false);
    });
    utterance.addEventListener("end", over);
    utterance.addEventListener("error", ({ error }) => {
      if (error !== "interrupted" && error !== "canceled") fail();
    });
    // Some browsers have voices that never begin, and say nothing of it.
    if (isFirst) late = setTimeout(fail, beginMs);
    synthesis.speak(utterance);
  }

  function report(mine: Reply, chars: number, isImportant: boolean) {
    mine.said = chars;
    if (!isImportant && Date.now() - reportedAt < reportEveryMs) return;
    reportedAt = Date.now();
    onSpoken(mine.itemId, chars, false);
  }

  function done({ itemId, text }: Reply) {
    reply = null;
    lastDone = itemId;
    onSpoken(itemId, text.length, true);
  }

  /** Falls silent at once, and tells how far it had come. */
  function hush() {
    generation += 1;
    if (reply !== null) {
      lastDone = reply.itemId;
      if (reply.said > 0) onSpoken(reply.itemId, reply.said, false);
    }
    reply = null;
    synthesis?.cancel();
  }

  return {
    say,
    hush,
    state: () => state,
    /** Turns the voice off or on; captions go on all the same. On also tries anew what had failed. */
    turn(on: boolean) {
      isOn = on;
      if (on) look();
      if (on || reply === null) return;
      const current = reply;
      generation += 1;
      synthesis?.cancel();
      if (current.isWhole) done(current);
    },
    close() {
      clearTimeout(search);
      synthesis?.removeEventListener("voiceschanged", look);
      hush();
    },
  };
}

/** What of a reply can be handed over: its whole sentences, and the rest once nothing more comes. */
function sentences({ text, handed, isWhole }: Reply): { from: number; to: number }[] {
  const parts: { from: number; to: number }[] = [];
  let from = handed;
  for (const match of text.slice(handed).matchAll(sentenceEnd)) {
    const to = handed + match.index + match[0].length;
    parts.push({ from, to });
    from = to;
  }
  if (isWhole && from < text.length) parts.push({ from, to: text.length });
  return parts;
}

function voiceOf(synthesis: SpeechSynthesis): SpeechSynthesisVoice | undefined {
  const voices = synthesis.getVoices();
  const inEnglish = voices.filter(({ lang }) => lang.toLowerCase().startsWith("en"));
  return inEnglish.find((voice) => voice.default) ?? inEnglish[0] ?? voices.find((voice) => voice.default);
}
