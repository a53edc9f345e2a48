/** Why a calendar could not be read: what the person sees, with the way out. */
export const syncProblems = {
  refused: "This address is not on the open internet, so it is not fetched. Use the address that your calendar gives.",
  redirected: "This address leads on too many times. Copy the calendar's address anew.",
  unreachable: "The calendar's server cannot be reached. It is tried again by itself.",
  timed_out: "The calendar's server took too long. It is tried again by itself.",
  broken: "The calendar's server broke off in the middle. It is tried again by itself.",
  not_allowed:
    "The calendar's server wants a sign-in. Use the secret address in iCal format from the calendar's settings.",
  gone: "There is no calendar at this address any more. Copy its address anew from the calendar's settings.",
  rate_limited: "The calendar's server asks to be left alone for a while. It is tried again by itself.",
  server_error: "The calendar's server failed. It is tried again by itself.",
  not_a_calendar:
    "This is no calendar. Copy the address in iCal format (it often ends in .ics) from your calendar's settings.",
  damaged: "The calendar is cut off or damaged. Its events stay as they were; it is tried again by itself.",
  too_large: "The calendar is larger than 10 MB, or too large to be read. Share one with fewer past events.",
  too_slow:
    "The calendar takes too long to read. Share one with fewer events, or end old series that repeat without end.",
  consent_needed:
    "This account does not let itself be read any more. Reconnect it; until then its events stay as they were.",
  unshared:
    "This calendar is not there any more, or no longer shared with your account. Disconnect it, or ask its owner.",
  not_permitted:
    "The provider does not let this server read calendars. Tell whoever operates it; it is tried again by itself.",
  locked: "Its address was sealed with a key that this server has no more. Give the address anew (Change).",
  internal: "Something went wrong on our side. It is tried again by itself.",
} as const;

export type SyncProblem = keyof typeof syncProblems;

export const isSyncProblem = (code: string): code is SyncProblem => Object.hasOwn(syncProblems, code);

/** The problem behind an answer of a calendar's server that is no success. */
export function problemOfStatus(status: number): SyncProblem {
  if (status === 401 || status === 403) return "not_allowed";
  if (status === 404 || status === 410) return "gone";
  if (status === 429) return "rate_limited";
  return status >= 500 ? "server_error" : "not_a_calendar";
}
