import { CalendarUnreadable } from "./calendar-unreadable.ts";
import type { ReadCalendar } from "./ics-calendar.ts";
import type { ReadReport, ReadRequest } from "./read-calendar-child.ts";
import { returnReader, takeReader } from "./reader-threads.ts";

export interface CalendarLimits {
  bytes?: number;
  deadlineMs?: number;
  heapMb?: number;
  /** Most that are given back; those that begin first. */
  occurrences?: number;
  /** IANA name of the zone for times that name none, where the calendar does not say it either. UTC without. */
  timeZone?: string | null;
  /** Hosts of Jitsi servers of one's own. */
  jitsiHosts?: readonly string[];
  /** The person's own addresses, in lower case: their answer is kept however many are invited. */
  addresses?: readonly string[];
  signal?: AbortSignal | undefined;
}

const largeBytes = 1_000_000;
const defaults = { bytes: 10_000_000, deadlineMs: 20_000, heapMb: 384, occurrences: 5_000 };

/**
 * Reads an iCalendar file of a stranger: all occurrences that touch the window, series expanded. It runs in a thread
 * that is ended when it takes too long or too much memory, so that nothing in a file stops this process. What cannot
 * be read as a whole rejects with `CalendarUnreadable`.
 */
export async function readCalendar(
  bytes: Uint8Array,
  window: { from: Date; to: Date },
  limits: CalendarLimits = {},
): Promise<ReadCalendar> {
  const { signal, ...chosen } = { ...defaults, ...limits };
  signal?.throwIfAborted();
  if (bytes.length > chosen.bytes) throw new CalendarUnreadable("too_large");
  const request: ReadRequest = {
    bytes,
    options: {
      window: { from: window.from.getTime(), to: window.to.getTime() },
      mostOccurrences: chosen.occurrences,
      timeZone: chosen.timeZone ?? null,
      jitsiHosts: chosen.jitsiHosts ?? [],
      addresses: chosen.addresses ?? [],
    },
  };
  const { promise, resolve, reject } = Promise.withResolvers<ReadCalendar>();
  const reader = await takeReader(chosen.heapMb);
  const { thread } = reader;
  let isSound = false;
  const take = (report: ReadReport) => {
    // What a large file took stays taken until its thread is gone.
    isSound = bytes.length < largeBytes;
    if (report.type === "read") resolve(report.calendar);
    else reject(new CalendarUnreadable(report.code, report.cause));
  };
  const fail = (error: Error & { code?: string }) =>
    reject(new CalendarUnreadable(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? "too_large" : "damaged", error));
  const end = (code: number) => reject(new CalendarUnreadable("damaged", `The reader ended with code ${code}`));
  const abort = () => reject(signal?.reason);
  const timer = setTimeout(() => reject(new CalendarUnreadable("too_slow")), chosen.deadlineMs);
  signal?.addEventListener("abort", abort, { once: true });
  thread.on("message", take).on("error", fail).on("exit", end);
  try {
    signal?.throwIfAborted();
    thread.postMessage(request, []);
    return await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
    thread.off("message", take).off("error", fail).off("exit", end);
    await returnReader(reader, isSound);
  }
}
