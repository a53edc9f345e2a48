import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { WebSocket } from "ws";
import { AgentOrder, practiceCloseCodes, readAudio } from "#domain/practice.ts";
import type { AgentWord } from "#domain/practice.ts";
import { timing } from "#domain/timing.ts";
import type { AgentLink, AgentSeat, RealtimeEvent } from "../call-provider.ts";
import type { Responder } from "./responder.ts";
import { createTurnTaking } from "./turn-taking.ts";
import type { Recognizer } from "./recognizer.ts";
import { createUtteranceSegmenter } from "./utterances.ts";

export interface LinkOptions {
  responder: Responder;
  recognizer: Recognizer;
  log: Logger;
  /** The room gives a sign of life every ten seconds; without any for this long the link is lost. */
  silenceMs?: number;
}

const goodbyeMs = 2_000;

/** The agent in the room: the socket on one side, the conversation and the recognizer on the other. */
export function holdLink(
  socket: WebSocket,
  seat: AgentSeat,
  options: LinkOptions,
): AgentLink & { joined: Promise<void> } {
  const { responder, recognizer, log, silenceMs = 30_000 } = options;
  const closed = Promise.withResolvers<{ askedFor: boolean; reason: string }>();
  const joined = Promise.withResolvers<void>();
  let isLeaving = false;

  const conversation = createTurnTaking({ responder, soFar: seat.soFar, log, emit });
  const listener = createUtteranceSegmenter({
    hearing: recognizer.use(),
    conversation,
    log,
    note: (message) => send({ type: "note", message }),
  });

  function emit(event: RealtimeEvent["event"], at = new Date()) {
    const time = at.toISOString();
    send({ type: "event", time, event });
    try {
      seat.onEvent({ time, source: "server", event });
    } catch (error) {
      // One event that cannot be handled must not cost the call its agent.
      log.error({ err: error, meetingId: seat.meetingId, type: event.type }, "A realtime event failed");
    }
  }

  function send(word: AgentWord) {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(word));
  }

  function obey(order: AgentOrder) {
    switch (order.type) {
      case "room":
        listener.seats(order.people);
        return joined.resolve();
      case "say":
        return conversation.say({
          itemId: order.itemId,
          speaker: { id: order.participantId, name: order.name },
          text: order.text,
        });
      case "interrupt":
        return conversation.interrupt();
      case "spoken":
        return conversation.spoken(order);
      case "end":
        return void leave({ askedFor: true, reason: "the call has ended" });
      default:
        return order satisfies never;
    }
  }

  /** Says what is left to say, then goes; whoever waits for `closed` has every word by then. */
  async function leave(end: { askedFor: boolean; reason: string }) {
    if (isLeaving) return;
    isLeaving = true;
    clearInterval(pulse);
    seat.signal.removeEventListener("abort", onAbort);
    await Promise.race([listener.finish(), sleep(timing.lastWordsMs)]);
    conversation.close();
    listener.close();
    socket.close(1000);
    setTimeout(() => socket.terminate(), goodbyeMs).unref();
    joined.resolve();
    closed.resolve(end);
  }

  let lastSign = Date.now();
  const pulse = setInterval(() => {
    if (Date.now() - lastSign > silenceMs) socket.terminate();
  }, silenceMs / 3);
  const onAbort = () => void leave({ askedFor: false, reason: "the agent was called back" });

  socket.on("ping", () => (lastSign = Date.now()));
  socket.on("message", (data, isBinary) => {
    lastSign = Date.now();
    if (isLeaving) return;
    if (isBinary) {
      const audio = readAudio(data as Buffer);
      if (audio !== null) listener.sound(audio.slot, audio.samples);
      return;
    }
    const order = AgentOrder.safeParse(jsonOf(data as Buffer));
    if (order.success) obey(order.data);
  });
  socket.on("error", (error) => log.debug({ err: error, meetingId: seat.meetingId }, "practice room's socket"));
  socket.on("close", (code) => {
    const isOver = code === practiceCloseCodes.over;
    void leave({ askedFor: isOver, reason: isOver ? "the call has ended" : `the room was lost (${code})` });
  });
  seat.signal.addEventListener("abort", onAbort, { once: true });
  socket.resume();

  return {
    joined: joined.promise.then(() => conversation.begin()),
    closed: closed.promise,
    async close() {
      await leave({ askedFor: true, reason: "the agent has left" });
      await closed.promise;
    },
  };
}

function jsonOf(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString("utf8"));
  } catch {
    return null;
  }
}
