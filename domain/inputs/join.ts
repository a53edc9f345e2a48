import { z } from "zod";
import type { MeetingPlace } from "../calendar/event.ts";
import { findMeeting } from "../calendar/meeting-link.ts";
import { isKeepable, line, textLimits } from "../text.ts";
import { languageTag } from "./language.ts";

const find = (link: string, jitsiHosts: readonly string[]) =>
  findMeeting({ conferenceUrls: [], location: link, description: "" }, jitsiHosts);

const meetingUrl = z.string().trim().max(2_000).refine(isKeepable, "This is no link.");

/** A bot to be sent by hand: the same on page and API. */
export const JoinInput = z.object({
  meetingUrl: meetingUrl.meta({ description: "The meeting's link, as people open it" }),
  title: line(textLimits.title).optional(),
  language: languageTag().optional(),
  botName: line(100).optional(),
  workspaceId: z.string().max(64).optional(),
});

/** The same where it is known which Jitsi servers are one's own: its link leads to a meeting. */
export const joinInputAt = (jitsiHosts: readonly string[]) =>
  JoinInput.extend({
    meetingUrl: meetingUrl.refine(
      (link) => find(link, jitsiHosts) !== null,
      "This is no link to a meeting of Google Meet, Zoom, Microsoft Teams, Webex or Jitsi.",
    ),
  });

/** Where the meeting of a checked link is held. */
export function placeOf(link: string, jitsiHosts: readonly string[]): MeetingPlace {
  const place = find(link, jitsiHosts);
  if (place === null) throw new Error("The link was not checked");
  return place;
}
