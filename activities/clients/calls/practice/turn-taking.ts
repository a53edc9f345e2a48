import type { Logger } from "pino";
import type { RealtimeEvent } from "../call-provider.ts";
import type { Responder, Line } from "./responder.ts";
import { isEcho } from "./echo.ts";
import * as events from "./events.ts";
import type { Speaker } from "./events.ts";

export interface TurnTakingOptions {
  responder: Responder;
  /** What was said before this link. */
  soFar: readonly Line[];
  emit: (event: RealtimeEvent["event"], at?: Date) => void;
  log: Logger;
  /** Silence after which a person who spoke is answered. */
  turnGapMs?: number;
  /** How long a reply may take to be spoken where no browser says that it was. */
  patienceMs?: (text: string) => number;
}

interface Reply {
  itemId: string;
  responseId: string;
  text: string;
  isWhole: boolean;
  /** Characters spoken aloud; null where nobody has told of a voice. */
  spoken: number | null;
  isSpoken: boolean;
  abort: AbortController;
  timer?: NodeJS.Timeout;
}

/** Words of somebody's microphone. */
export interface Utterance {
  itemId: string;
  speaker: Speaker;
  startedAt: Date;
}

export type Conversation = ReturnType<typeof createTurnTaking>;

/** The room in which a voice from the loudspeaker may still come back by a microphone. */
const echoTailMs = 1_500;

/**
 * Whose turn it is: answers what people say and type, stops where they speak up, and tells everything as a realtime
 * session of OpenAI would.
 */
export function createTurnTaking(options: TurnTakingOptions) {
  const { responder, emit, log, turnGapMs = 700 } = options;
  const patienceMs = options.patienceMs ?? ((text: string) => 3_000 + text.length * 90);
  const lines: Line[] = [...options.soFar];
  const speaking = new Set<string>();
  const announced = new Set<string>();
  const names = new Set<string>();
  let reply: Reply | null = null;
  let lastReply = { text: "", endedAt: 0 };
  let isWaiting = false;
  let gap: NodeJS.Timeout | undefined;
  let isOver = false;

  /** Begins the call, or goes on with it where somebody still waits for an answer. */
  function begin() {
    if (lines.at(-1)?.speaker !== "agent") void respond();
  }

  async function respond() {
    if (isOver || reply !== null) return;
    clearTimeout(gap);
    isWaiting = false;
    const mine: Reply = {
      itemId: events.newItemId(),
      responseId: events.newItemId(),
      text: "",
      isWhole: false,
      spoken: null,
      isSpoken: false,
      abort: new AbortController(),
    };
    reply = mine;
    emit(events.replyCreated(mine.responseId));
    try {
      for await (const piece of responder.reply(lines, mine.abort.signal)) {
        if (reply !== mine) return;
        if (mine.text === "") emit(events.replyAdded(mine.itemId));
        mine.text += piece;
        emit(events.replyDelta(mine.responseId, mine.itemId, piece));
      }
    } catch (error) {
      if (mine.abort.signal.aborted) return;
      log.error({ err: error }, "the practice agent could not reply");
    }
    if (reply !== mine) return;
    mine.isWhole = true;
    emit(events.replyAudioDone(mine.responseId, mine.itemId));
    if (mine.isSpoken || mine.text.trim() === "") return settle(mine, { said: mine.text, interrupted: false });
    mine.timer = setTimeout(() => settle(mine, { said: mine.text, interrupted: false }), patienceMs(mine.text));
  }

  /** Ends the reply under way with what was said of it. */
  function settle(mine: Reply, { said, interrupted }: { said: string; interrupted: boolean }) {
    if (reply !== mine) return;
    reply = null;
    clearTimeout(mine.timer);
    mine.abort.abort();
    const transcript = said.trim();
    if (mine.text !== "") emit(events.replyTranscriptDone(mine.responseId, mine.itemId, { transcript, interrupted }));
    emit(events.replyDone(mine.responseId, interrupted ? "cancelled" : "completed"));
    if (transcript !== "") lines.push({ speaker: "agent", text: transcript });
    lastReply = { text: mine.text, endedAt: Date.now() };
    if (isWaiting && speaking.size === 0) waitForMore();
  }

  /** Stops the agent; what it has not said aloud yet it has not said. */
  function interrupt() {
    if (reply === null) return;
    const { text, spoken } = reply;
    settle(reply, { said: spoken === null ? text : wordsUpTo(text, spoken), interrupted: true });
  }

  function waitForMore() {
    clearTimeout(gap);
    gap = setTimeout(() => void respond(), turnGapMs);
  }

  /** A typed turn. It was written with the whole reply in view, so all that was shown of it counts as said. */
  function say({ itemId, speaker, text }: { itemId: string; speaker: Speaker; text: string }) {
    if (reply !== null) settle(reply, { said: reply.text, interrupted: !reply.isWhole });
    emit(events.typed(itemId, speaker, text));
    emit(events.transcriptionCompleted(itemId, speaker, text));
    remember(speaker, text);
    // Also while a microphone hears something: it may be a street.
    void respond();
  }

  function remember({ name }: Speaker, text: string) {
    names.add(name);
    lines.push({ speaker: "user", text: names.size > 1 ? `[${name}] ${text}` : text });
    isWaiting = true;
  }

  /** Somebody's voice began. Nobody is told before there are words: most noises have none. */
  function voiceStarted({ itemId }: Utterance) {
    speaking.add(itemId);
    clearTimeout(gap);
    if (reply?.text !== "") return;
    // Not a word of the reply has come yet: the person simply goes on, and is answered then.
    interrupt();
    isWaiting = true;
  }

  function voiceSoFar(utterance: Utterance, words: { delta: string; soFar: string }) {
    if (words.soFar === "" || isOwnVoice(utterance, words.soFar)) return;
    hearPerson(utterance);
    emit(events.transcriptionDelta(utterance.itemId, utterance.speaker, words));
  }

  function voiceEnded(utterance: Utterance, text: string) {
    speaking.delete(utterance.itemId);
    if (text !== "" && !isOwnVoice(utterance, text)) {
      hearPerson(utterance);
      emit(events.transcriptionCompleted(utterance.itemId, utterance.speaker, text));
      remember(utterance.speaker, text);
    }
    announced.delete(utterance.itemId);
    if (isWaiting && reply === null && speaking.size === 0) waitForMore();
  }

  function hearPerson(utterance: Utterance) {
    if (announced.has(utterance.itemId)) return;
    announced.add(utterance.itemId);
    interrupt();
    emit(events.speechStarted(utterance.itemId, utterance.speaker), utterance.startedAt);
  }

  function isOwnVoice({ itemId, startedAt }: Utterance, text: string): boolean {
    if (announced.has(itemId)) return false;
    const spoken = reply?.text ?? (startedAt.getTime() < lastReply.endedAt + echoTailMs ? lastReply.text : "");
    return spoken !== "" && isEcho(text, spoken);
  }

  /** How much of the reply has been spoken aloud in people's browsers. */
  function spoken({ itemId, chars, done }: { itemId: string; chars: number; done: boolean }) {
    if (reply?.itemId !== itemId) return;
    reply.spoken = Math.max(reply.spoken ?? 0, chars);
    reply.isSpoken = done;
    if (done && reply.isWhole) settle(reply, { said: reply.text, interrupted: false });
  }

  return {
    begin,
    say,
    interrupt,
    spoken,
    voiceStarted,
    voiceSoFar,
    voiceEnded,
    /** Ends the agent's part; a reply under way is kept as far as it was said. */
    close() {
      interrupt();
      isOver = true;
      clearTimeout(gap);
    },
  };
}

/** The text up to and with the word at this place. */
function wordsUpTo(text: string, chars: number): string {
  if (chars === 0 || chars >= text.length) return text.slice(0, chars);
  const rest = /^\S*/.exec(text.slice(chars))?.[0] ?? "";
  return text.slice(0, chars + rest.length);
}
