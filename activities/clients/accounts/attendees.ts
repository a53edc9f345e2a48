import { occurrenceLimits } from "#domain/calendar/event.ts";
import type { Attendee } from "#domain/calendar/event.ts";
import { cleanLine, cut, textLimits } from "#domain/text.ts";

const mostAddress = 320;

export function addressOf(text: string | null | undefined): string | null {
  const address = cleanLine(text ?? "").toLowerCase();
  return address.length <= mostAddress && /^[^\s@:/]+@[^\s@:/]+$/.test(address) ? address : null;
}

export const personName = (text: string | null | undefined): string | null =>
  cut(cleanLine(text ?? ""), textLimits.name) || null;

/** Each once, and of more than are kept the person's own too, by whose answers it is decided. */
export function keptAttendees(all: readonly Attendee[], own: string): Attendee[] {
  const distinct = all.filter(({ email }, at) => all.findIndex((other) => other.email === email) === at);
  const most = occurrenceLimits.attendees;
  const self = distinct.slice(most).filter(({ email }) => email === own);
  return [...distinct.slice(0, most - self.length), ...self];
}
