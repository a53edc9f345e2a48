import { occurrenceLimits } from "#domain/calendar/event.ts";
import type { Attendee, Occurrence, Response } from "#domain/calendar/event.ts";
import { findMeeting } from "#domain/calendar/meeting-link.ts";
import { cleanLine, cleanProse, cut, textLimits } from "#domain/text.ts";
import type { IcsEvent } from "./ics-events.ts";
import { unescaped } from "./ics-lines.ts";
import type { IcsLine } from "./ics-lines.ts";
import type { Placed } from "./ics-series.ts";

export interface ContentOptions {
  /** Whether the whole file says that its events are cancelled. */
  isCancelled: boolean;
  jitsiHosts: readonly string[];
  /** Addresses whose answers are kept however many others are invited, in lower case. */
  addresses: readonly string[];
}

type Content = Omit<Occurrence, "uid" | "originalStart" | "startsAt" | "endsAt" | "timeZone">;

/** Links stand behind long texts, so more is read than is kept. */
const mostRead = 100_000;
const mostAddress = 320;

/** Makes occurrences of what was placed in time. The same event's content is read once for all its occurrences. */
export function occurrences(options: ContentOptions): (placed: Placed) => Occurrence {
  const known = new Map<IcsEvent, Content>();
  return ({ event, master, startsAt, endsAt, original, zone }) => {
    const content = known.get(event) ?? contentOf(event, master, options);
    known.set(event, content);
    return {
      ...content,
      uid: event.uid,
      originalStart: original === null ? "" : new Date(original).toISOString(),
      startsAt: new Date(startsAt),
      endsAt: new Date(endsAt),
      timeZone: event.start.isDate ? null : zone.name,
    };
  };
}

// Google has one name for its field, Microsoft two, the standard a third (RFC 7986); some put the link where the
// event's own page belongs.
const conferenceFields = [
  "X-GOOGLE-CONFERENCE",
  "X-GOOGLE-HANGOUT",
  "X-MICROSOFT-SKYPETEAMSMEETINGURL",
  "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK",
  "CONFERENCE",
  "URL",
];

function contentOf(event: IcsEvent, master: IcsEvent | null, options: ContentOptions): Content {
  // What a change leaves out stays as in the series; an empty line is a change too.
  const all = (name: string): IcsLine[] => {
    const own = event.lines.filter((line) => line.name === name);
    return own.length > 0 ? own : (master?.lines.filter((line) => line.name === name) ?? []);
  };
  const value = (name: string) => all(name)[0]?.value ?? "";
  const text = (name: string) => unescaped(value(name), mostRead);
  const is = (name: string, word: string) => value(name).trim().toUpperCase() === word;
  const [location, description] = [text("LOCATION"), text("DESCRIPTION")];
  const conferenceUrls = conferenceFields.flatMap((name) =>
    all(name)
      .slice(0, 10)
      .map((line) => line.value),
  );
  return {
    title: cut(cleanLine(text("SUMMARY")), occurrenceLimits.title),
    description: cut(cleanProse(description), occurrenceLimits.description),
    location: cut(cleanLine(location), occurrenceLimits.location),
    isAllDay: event.start.isDate || is("X-MICROSOFT-CDO-ALLDAYEVENT", "TRUE"),
    isCancelled: options.isCancelled || is("STATUS", "CANCELLED"),
    isTentative: is("STATUS", "TENTATIVE") || is("X-MICROSOFT-CDO-BUSYSTATUS", "TENTATIVE"),
    organizer: addressOf(all("ORGANIZER")[0]),
    attendees: attendeesOf(all("ATTENDEE"), options.addresses),
    meeting: findMeeting(
      { conferenceUrls, location, description: `${description}\n${text("X-ALT-DESC")}` },
      options.jitsiHosts,
    ),
  };
}

const answers: Record<string, Response> = {
  ACCEPTED: "accepted",
  DECLINED: "declined",
  TENTATIVE: "tentative",
  // Somebody else goes in this person's place.
  DELEGATED: "declined",
};

function attendeesOf(lines: IcsLine[], addresses: readonly string[]): Attendee[] {
  const attendees = new Map<string, Attendee>();
  for (const line of lines) {
    const email = addressOf(line);
    if (email === null || attendees.has(email) || /^(ROOM|RESOURCE)$/i.test(line.parameters.get("CUTYPE") ?? ""))
      continue;
    if (attendees.size >= occurrenceLimits.attendees && !addresses.includes(email)) continue;
    const name = cut(cleanLine(line.parameters.get("CN") ?? ""), textLimits.name);
    const response = answers[line.parameters.get("PARTSTAT")?.toUpperCase() ?? ""] ?? "needs_action";
    attendees.set(email, { email, name: name === "" ? null : name, response });
  }
  const kept = [...attendees.values()];
  const own = kept.slice(occurrenceLimits.attendees);
  return [...kept.slice(0, occurrenceLimits.attendees - own.length), ...own];
}

/** The mail address of a person, also where it stands beside another kind of address. */
function addressOf(line: IcsLine | undefined): string | null {
  if (line === undefined) return null;
  const said = [line.value.trim().replace(/^mailto:/i, ""), line.parameters.get("EMAIL") ?? ""];
  const email = said.find((each) => each.length <= mostAddress && /^[^\s@:/]+@[^\s@:/]+$/.test(each));
  return email === undefined ? null : cleanLine(email).toLowerCase();
}
