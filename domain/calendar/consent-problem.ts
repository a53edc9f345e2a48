/** Why a consent came to nothing, as the connections page says it: `consent` in its address. */
export const consentProblems = {
  denied: "You did not allow it, so nothing was connected.",
  incomplete:
    "Convene was not given all that it asks for: the list of your calendars, and their events. Connect again, and tick both.",
  unconfirmed: "The provider did not confirm the consent, so nothing was connected. Connect again.",
  unknown:
    "This consent is too old, was used before, or began in another sign-in, so nothing was connected. Connect again from here.",
  unreachable: "The provider cannot be reached just now, so nothing was connected. Connect again in a moment.",
  not_set_up: "Calendars of this provider cannot be connected on this server. Ask whoever operates it.",
} as const;

export type ConsentProblem = keyof typeof consentProblems;

export const consentProblemOf = (word: string | null): ConsentProblem | null =>
  word !== null && Object.hasOwn(consentProblems, word) ? (word as ConsentProblem) : null;
