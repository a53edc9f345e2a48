import type { MeetingPlace } from "./event.ts";
import { unwrapped } from "./link-wrappers.ts";
import { placeOf } from "./meeting-place.ts";

export interface MeetingTexts {
  /** What a calendar's own fields for meetings hold. */
  conferenceUrls: readonly string[];
  location: string;
  description: string;
}

/** How much of each text is looked at: Outlook puts the link behind all that was written. */
const mostCharacters = 100_000;

/**
 * The meeting that an event is held at: by its conference data, else its location, else its description, and the first
 * one in each. `jitsiHosts`: where a Jitsi of one's own answers ("meet.example.org", with the port if it has one).
 */
export function findMeeting(texts: MeetingTexts, jitsiHosts: readonly string[] = []): MeetingPlace | null {
  const hosts = ["meet.jit.si", ...jitsiHosts];
  for (const text of [...texts.conferenceUrls, texts.location, texts.description]) {
    const readable = withoutMarkup(text.slice(0, mostCharacters));
    // A link that was folded over lines is put together only where none is whole: its end may be the next word.
    const place = firstIn(readable, hosts) ?? firstIn(readable.replace(/\r?\n[ \t]/g, ""), hosts);
    if (place !== null) return place;
  }
  return null;
}

function firstIn(text: string, jitsiHosts: readonly string[]): MeetingPlace | null {
  for (const word of text.split(betweenWords)) {
    const link = linkIn(word);
    const place = link && placeOf(unwrapped(link), jitsiHosts);
    if (place) return place;
  }
  return null;
}

/** No address holds these as they are; a comma or semicolon parts two only before the next one's scheme. */
const betweenWords = /[\s<>"'`\\^{}|()[\]\u2018-\u201f\u3000-\u303f\uff08-\uff1b]+|[,;](?=https?:\/\/)/i;
const withoutScheme = /^[a-z0-9][a-z0-9.-]*\.[a-z]{2,}(?::\d{1,5})?\//i;

function linkIn(word: string): URL | null {
  const begins = word.search(/https?:\/\//i);
  if (begins >= 0) return URL.parse(withoutEndMarks(word.slice(begins)));
  return withoutScheme.test(word) ? URL.parse(`https://${withoutEndMarks(word)}`) : null;
}

/** A loop, since a pattern that is bound to the end alone begins anew at each mark. */
function withoutEndMarks(link: string): string {
  let end = link.length;
  while (end > 0 && ".,;:!?*~".includes(link.charAt(end - 1))) end -= 1;
  return link.slice(0, end);
}

/** Descriptions come as HTML or as text; a link between angle brackets is one, also over several lines. */
function withoutMarkup(text: string): string {
  return text
    .replace(/&amp;/gi, "&")
    .replace(/&(?:lt|gt|quot|apos|nbsp|#0?3[49]|#x2[27]|#160);/gi, " ")
    .replace(/[\u200B\u2060\uFEFF]/g, "")
    .replace(/<https?:[^<>"]+>/gi, (link) => link.replace(/\s+/g, ""));
}
