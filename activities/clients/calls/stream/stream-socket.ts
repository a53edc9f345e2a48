import type { RealtimeClient } from "@stream-io/openai-realtime-api";
import { WebSocket } from "ws";
import { problemOf } from "./stream-failure.ts";
import type { RealtimeProblem } from "./stream-failure.ts";

/** No `error` message of OpenAI is longer. */
const longestProblem = 16_384;

/** More than one: a process that was held up finds its timers due before the answers that wait for it. */
const mostUnanswered = 3;

export interface SocketWatch {
  /** Ends the connection without waiting for the other side. */
  terminate(): void;
  stop(): void;
}

/**
 * The SDK keeps its socket to itself, and with it three things a call of an hour needs: signs of life (a connection
 * that died without a word is silent for ever), the words of an `error` (it closes the socket on any and tells none),
 * and a message that is no object not ending the process. So this reaches for the socket; without it the link works,
 * but is told less.
 */
export function watchSocket(
  realtime: RealtimeClient,
  options: { pulseMs: number; onProblem: (problem: RealtimeProblem) => void; onSilence: () => void },
): SocketWatch {
  const socket: unknown = Reflect.get(realtime.realtime, "ws");
  if (!(socket instanceof WebSocket)) return { terminate() {}, stop() {} };

  const theirs = socket.listeners("message") as ((...args: unknown[]) => void)[];
  socket.removeAllListeners("message");
  socket.on("message", (data: Buffer, isBinary: boolean) => {
    unanswered = 0;
    const problem = problemIn(data);
    if (problem) options.onProblem(problem);
    if (!isObject(data)) return;
    for (const listener of theirs) listener.call(socket, data, isBinary);
  });

  let unanswered = 0;
  socket.on("pong", () => {
    unanswered = 0;
  });
  const pulse = setInterval(() => {
    if (unanswered === mostUnanswered) {
      options.onSilence();
      socket.terminate();
      return;
    }
    unanswered += 1;
    if (socket.readyState === WebSocket.OPEN) socket.ping();
  }, options.pulseMs);
  pulse.unref();

  return {
    terminate: () => socket.terminate(),
    stop: () => clearInterval(pulse),
  };
}

// The SDK reads `type` of whatever was parsed, so a bare `null` would throw in the socket's handler.
const isObject = (data: Buffer): boolean => /^\s*\{/.test(data.toString("utf8", 0, 64));

function problemIn(data: Buffer): RealtimeProblem | null {
  if (data.length > longestProblem || !data.includes('"error"')) return null;
  try {
    const { type, error } = JSON.parse(data.toString("utf8")) as { type?: unknown; error?: object | null };
    return type === "error" ? problemOf(error ?? {}) : null;
  } catch {
    return null;
  }
}
