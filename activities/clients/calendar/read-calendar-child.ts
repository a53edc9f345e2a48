import { parentPort } from "node:worker_threads";
import { CalendarUnreadable } from "./calendar-unreadable.ts";
import type { CalendarUnreadableCode } from "./calendar-unreadable.ts";
import { readIcs } from "./ics-calendar.ts";
import type { IcsOptions, ReadCalendar } from "./ics-calendar.ts";

/** What the thread is given. */
export interface ReadRequest {
  bytes: Uint8Array;
  options: IcsOptions;
}
/** What the thread tells its parent. */
export type ReadReport =
  | { type: "read"; calendar: ReadCalendar }
  | { type: "unreadable"; code: CalendarUnreadableCode; cause: string };

parentPort?.on("message", (request: ReadRequest) => parentPort?.postMessage(reportOf(request), []));

function reportOf({ bytes, options }: ReadRequest): ReadReport {
  try {
    return { type: "read", calendar: readIcs(bytes, options) };
  } catch (error) {
    return {
      type: "unreadable",
      code: error instanceof CalendarUnreadable ? error.code : "damaged",
      cause: String(error),
    };
  }
}
