import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { CalendarUnreadable } from "#activities/clients/calendar/calendar-unreadable.ts";
import { readIcs } from "#activities/clients/calendar/ics-calendar.ts";
import { occurrenceLimits } from "#domain/calendar/event.ts";
import type { Occurrence } from "#domain/calendar/event.ts";
import { cleanProse } from "#domain/text.ts";
import { autumn } from "./ics-setup.ts";

const fixtures = ["google", "outlook", "apple", "fastmail"].map((name) =>
  readFileSync(new URL(`../../fixtures/calendars/${name}.ics`, import.meta.url)),
);

const mostOccurrences = 200;
const pieces = fc.oneof(
  fc.constantFrom("\r\n", "\r\n ", ":", ";", '"', ",", "T", "Z", "\\", "\0", "BEGIN:VEVENT\r\n", "END:VEVENT\r\n"),
  fc.constantFrom("VALUE=DATE:", "RRULE:FREQ=DAILY\r\n", "RECURRENCE-ID:20261005T070000Z\r\n", "-", "9", "COUNT=0"),
  fc.string({ unit: "binary", maxLength: 5 }),
);
/** In thousandths of the file, but for the calendar's own first and last line. */
const place = fc.integer({ min: 60, max: 950 });
const damage = fc.record({ at: place, cut: fc.nat(40), put: pieces });

/** A file in which some bytes are lost and others stand in their place. */
const damaged = fc.tuple(fc.constantFrom(...fixtures), fc.array(damage, { maxLength: 6 })).map(([file, damages]) =>
  damages.reduce((bytes, { at, cut, put }) => {
    const begin = Math.floor((at * bytes.length) / 1000);
    return Buffer.concat([bytes.subarray(0, begin), Buffer.from(put), bytes.subarray(begin + cut)]);
  }, file),
);

const isKept = (text: string, most: number) => text.length <= most && text === cleanProse(text);

/** Whether an occurrence can be kept and reckoned with. */
function isSound({ startsAt, endsAt, uid, title, description, location, originalStart, attendees }: Occurrence) {
  return (
    endsAt.getTime() >= startsAt.getTime() &&
    startsAt.getTime() < autumn.to &&
    endsAt.getTime() >= autumn.from &&
    (originalStart === "" || new Date(originalStart).toISOString() === originalStart) &&
    uid !== "" &&
    isKept(uid, occurrenceLimits.uid) &&
    isKept(title, occurrenceLimits.title) &&
    isKept(description, occurrenceLimits.description) &&
    isKept(location, occurrenceLimits.location) &&
    attendees.every(({ email }) => email === email.toLowerCase() && isKept(email, 320))
  );
}

const areApart = (all: Occurrence[]) =>
  new Set(all.map(({ uid, originalStart }) => `${uid} ${originalStart}`)).size === all.length;

test("a damaged file is refused as a whole, or gives only what can be kept", () => {
  let refused = 0;
  const result = fc.check(
    fc.property(damaged, (bytes) => {
      try {
        const options = { window: autumn, mostOccurrences, timeZone: "Europe/Berlin", jitsiHosts: [], addresses: [] };
        const { occurrences } = readIcs(bytes, options);
        return occurrences.length <= mostOccurrences && occurrences.every(isSound) && areApart(occurrences);
      } catch (error) {
        refused += 1;
        return error instanceof CalendarUnreadable;
      }
    }),
    { numRuns: 400 },
  );
  expect(fc.defaultReportMessage(result)).toBeUndefined();
  expect(refused).toBeLessThan(200);
});
