import { Worker } from "node:worker_threads";
import { createGate, maxConcurrentCompute } from "../concurrency-gate.ts";

/** A thread that reads calendars, one after the other. */
export interface Reader {
  thread: Worker;
  readings: number;
  heapMb: number;
}

/** What one reading leaves behind is with the next; so none goes on for ever. */
const mostReadings = 500;
const idleMs = 60_000;

const idle: Reader[] = [];
const gate = createGate(maxConcurrentCompute);

/** A thread that has nothing to do. To load the reader into a new one takes thirty times as long as to read a calendar. */
export async function takeReader(heapMb: number): Promise<Reader> {
  await gate.enter();
  const at = idle.findLastIndex((each) => each.heapMb === heapMb);
  const [reader = newReader(heapMb)] = at === -1 ? [] : idle.splice(at, 1);
  reader.thread.ref();
  return reader;
}

/** Gives a thread back; one that is not sound is ended. */
export async function returnReader(reader: Reader, isSound: boolean): Promise<void> {
  reader.readings += 1;
  const isKept = isSound && reader.readings < mostReadings;
  if (isKept) keepIdle(reader);
  else await reader.thread.terminate();
  gate.leave();
}

function newReader(heapMb: number): Reader {
  const thread = new Worker(new URL("./read-calendar-child.ts", import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
    env: {},
    // The library writes what it finds odd to the console, in the words of the file.
    stdout: true,
    stderr: true,
  });
  thread.stdout.resume();
  thread.stderr.resume();
  const reader = { thread, readings: 0, heapMb };
  // Also one that nobody is waiting for may end, and its error is no reason to end this process.
  thread.once("exit", () => leave(reader)).on("error", () => leave(reader));
  return reader;
}

function leave(reader: Reader): void {
  const at = idle.indexOf(reader);
  if (at !== -1) idle.splice(at, 1);
}

// It keeps no process alive, and goes when it was not needed for a while.
function keepIdle(reader: Reader): void {
  const { thread, readings } = reader;
  thread.unref();
  idle.push(reader);
  setTimeout(() => {
    if (!idle.includes(reader) || reader.readings !== readings) return;
    leave(reader);
    void thread.terminate();
  }, idleMs).unref();
}
