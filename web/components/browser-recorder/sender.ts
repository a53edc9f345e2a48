import type { Sound } from "./sound.ts";
import { Refusal } from "./upload-client.ts";
import type { Standing, UploadClient } from "./upload-client.ts";

/**
 * `sending`: all is well; `waiting`: the server cannot be reached or does not take it now, and is tried again;
 * `signed-out`: only signing in again helps, after which it goes on by itself.
 */
export interface SenderState {
  state: "sending" | "waiting" | "signed-out";
  sent: number;
  problem: string | null;
}

export interface SenderOptions {
  client: UploadClient;
  sound: Sound;
  userId: string;
  /** Where it is sent, or null to begin with asking for a place. */
  url: string | null;
  begin: (signal: AbortSignal) => Promise<string>;
  onState: (state: SenderState) => void;
  /** There is no room for more: what was sent is kept, and recording on is of no use. */
  onFull: (problem: string) => void;
  keepAliveMs?: number;
  firstDelayMs?: number;
}

const usualBytes = 1024 ** 2;
const leastBytes = 64 * 1024;
const longestDelayMs = 30_000;

/**
 * Sends a recording while it grows, and goes on after every kind of interruption. Resolves with the recording that the
 * server made of it, or null where it ended without a byte or `signal` says to stop. An own loop and not tus-js-client, which forgets where it was
 * sending to when a session ends, and never gives up on a connection that hangs.
 */
export async function sendSound(options: SenderOptions, signal: AbortSignal): Promise<string | null> {
  const { client, sound, userId, begin, onState, onFull, keepAliveMs = 60_000, firstDelayMs = 1000 } = options;
  let { url } = options;
  let offset: number | null = null;
  let mostBytes = usualBytes;
  let isFull = false;
  let failures = 0;

  let sent = 0;

  const tell = (state: SenderState["state"], problem: string | null = null) => onState({ state, sent, problem });

  const isEmpty = () => sound.isEnded() && sound.size() === 0;

  /** One request; gives the recording once there is one. */
  async function step(): Promise<string | null> {
    if (url === null) {
      url = await begin(signal);
      offset = 0;
    }
    if (offset === null) return settle(await client.standing(url, signal));
    if (!isFull) await sound.waitFor(offset, keepAliveMs, signal);
    if (isEmpty()) return null;
    const isLast = isFull || (sound.isEnded() && sound.size() <= offset);
    const part = isLast ? new Blob() : await sound.read(offset, mostBytes);
    // A pause: asking tells the server that somebody is still here.
    if (!isLast && part.size === 0) return settle(await client.standing(url, signal));
    return settle(await client.send(url, { offset, part, isLast }, signal));
  }

  function settle({ offset: next, conversationId }: Standing): string | null {
    if (!Number.isSafeInteger(next)) throw new Error("The server did not say what it has");
    const isWhole = isFull || (sound.isEnded() && next >= sound.size());
    if (conversationId !== null && isWhole) return conversationId;
    offset = next;
    // The server has ended it, since it heard nothing for long: all of it is sent anew, as a recording of its own.
    if (conversationId !== null) {
      url = null;
      offset = null;
    }
    sent = offset ?? 0;
    failures = 0;
    tell("sending");
    return null;
  }

  async function recover(error: unknown): Promise<void> {
    const refusal = error instanceof Refusal ? error : null;
    const status = refusal?.status ?? 0;
    if (refusal !== null && (status === 413 || status === 507)) return shorten(refusal.message);
    const wasAt = offset;
    offset = null;
    // It stands elsewhere than thought, and says where.
    if (status === 409 && wasAt !== null) return;
    const isGone = status === 404 || status === 410;
    const isOurs = isGone && (await client.signedInAs(signal).catch(() => null)) === userId;
    if (isOurs) url = null;
    failures += 1;
    const isSignedOut = status === 401 || (isGone && !isOurs);
    tell(isSignedOut ? "signed-out" : "waiting", refusal?.message ?? null);
    await pause(Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - 1)), signal);
  }

  /** Fills the room that is left, then ends. Without a place yet, or at the very end, only waiting can help. */
  async function shorten(problem: string): Promise<void> {
    if (url === null || isFull) {
      tell("waiting", problem);
      return pause(longestDelayMs, signal);
    }
    mostBytes /= 2;
    if (mostBytes >= leastBytes) return;
    isFull = true;
    onFull(problem);
  }

  while (!signal.aborted && !isEmpty()) {
    try {
      const conversationId = await step();
      if (conversationId !== null) return conversationId;
    } catch (error) {
      if (!signal.aborted) await recover(error);
    }
  }
  return null;
}

/** Waits, but no longer than until the network is back. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      globalThis.removeEventListener?.("online", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    globalThis.addEventListener?.("online", done);
    signal.addEventListener("abort", done);
  });
}
