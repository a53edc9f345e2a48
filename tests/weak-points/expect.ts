import { AssertionError } from "node:assert";
import { setTimeout as sleep } from "node:timers/promises";
import { inspect, isDeepStrictEqual } from "node:util";
import { spoken } from "./events.ts";
import type { MeetingState, MeetingSystem } from "./system.ts";

/** How long something that must not happen is given to happen. */
export const watchMs = 1_500;

/** Fails in words of what was to be seen; an error of any other kind says that a scenario itself is broken. */
export function expectEqual(actual: unknown, expected: unknown, what: string): void {
  if (isDeepStrictEqual(actual, expected)) return;
  const print = (value: unknown) => inspect(value, { breakLength: Infinity, depth: 5 });
  throw new AssertionError({ message: `${what}: expected ${print(expected)}, got ${print(actual)}`, actual, expected });
}

/** Waits until it reads as expected. */
export async function expectSoon(
  read: () => unknown,
  expected: unknown,
  { what, withinMs }: { what: string; withinMs: number },
): Promise<void> {
  const until = Date.now() + withinMs;
  let actual = await read();
  while (!isDeepStrictEqual(actual, expected) && Date.now() < until) {
    await sleep(25);
    actual = await read();
  }
  expectEqual(actual, expected, what);
}

/** Gives what must not happen its time, then reads. */
export async function expectStill(read: () => unknown, expected: unknown, what: string): Promise<void> {
  await sleep(watchMs);
  expectEqual(await read(), expected, what);
}

/** Waits for the end of the meeting's processing. */
export async function settled(system: MeetingSystem, meetingId: string): Promise<MeetingState> {
  const isSettled = async () => ["completed", "failed", "cancelled"].includes((await system.status(meetingId)).status);
  if (!(await waitFor(isSettled, system.patienceMs))) {
    const { status } = await system.status(meetingId);
    throw new AssertionError({ message: `the meeting never came to an end and stays \`${status}\`` });
  }
  return system.status(meetingId);
}

/** Somebody says something in the call; resolves when it is in the transcript. */
export async function say(
  system: MeetingSystem,
  { meetingId, speaker = "user", text }: { meetingId: string; speaker?: "user" | "agent"; text: string },
): Promise<void> {
  const heard = await system.realtime(meetingId, spoken(speaker, text));
  expectEqual(heard > 0, true, `an agent is in the call and hears "${text}"`);
  const isStored = async () => (await system.transcript(meetingId)).some((line) => line.text === text);
  expectEqual(await waitFor(isStored, system.patienceMs), true, `"${text}" is in the transcript`);
}

export const texts = async (system: MeetingSystem, meetingId: string) =>
  (await system.transcript(meetingId)).map(({ text }) => text);

/** Whether any analysis so far was given these words. */
export const wasAnalysed = (system: MeetingSystem, text: string) =>
  system.modelCalls().some((prompt) => prompt.includes(text));

export const isAccepted = ({ status }: { status: number }) => status >= 200 && status < 300;
export const isRefused = ({ status }: { status: number }) => status >= 400 && status < 500;

async function waitFor(isSo: () => Promise<boolean>, withinMs: number): Promise<boolean> {
  const until = Date.now() + withinMs;
  for (;;) {
    if (await isSo()) return true;
    if (Date.now() > until) return false;
    await sleep(25);
  }
}
