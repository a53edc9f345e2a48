import { data } from "react-router";
import { z } from "zod";
import { callAgentAgain, hasNotGivenUp } from "#records/meetings/agent-again.ts";
import { homeOfConversation } from "#records/conversations/conversations.ts";
import { leaveMeeting } from "#records/meetings/call-end.ts";
import { revokeGuestLinks } from "#records/meetings/guest-links.ts";
import { retryNextSession } from "#records/meetings/meeting-edits.ts";
import { mustParse } from "../forms.ts";
import { isHostOf } from "./meeting-data.ts";
import { editFromForm } from "./meeting-edit.ts";
import { actOnConversation } from "../recordings/recording-actions.ts";
import type { Asker } from "../recordings/recording-actions.ts";

/** What only a meeting's page asks for. */
const intents = ["callAgent", "edit", "endCall", "nextSession", "revokeGuests"] as const;
const MeetingIntent = z.object({ intent: z.enum(intents) });

const notYours = () => data("There is no such meeting, or your role does not allow this.", { status: 404 });

/** Does what a form of a meeting's page asks. `message` says in words why the state of things does not allow it. */
export async function actOnMeeting(asker: Asker, form: FormData): Promise<{ message: string | null }> {
  const isOwn = MeetingIntent.safeParse({ intent: form.get("intent") }).success;
  if (!isOwn) return actOnConversation(asker, form, "/meetings");
  const { prisma, userId, id } = asker;
  const { intent } = mustParse(MeetingIntent, form);
  switch (intent) {
    case "edit": {
      const answer = await editFromForm(asker, form);
      if (answer === null) throw notYours();
      return answer;
    }
    case "callAgent": {
      const isCalled = await callAgentAgain(prisma, { userId, id });
      if (isCalled === null) throw notYours();
      return { message: isCalled ? null : hasNotGivenUp };
    }
    case "endCall": {
      const meeting = await homeOfConversation(prisma, userId, id, "meeting");
      if (meeting === null || !(await isHostOf(prisma, userId, meeting))) throw notYours();
      return check(await leaveMeeting(prisma, { userId, id, endForAll: true }));
    }
    case "revokeGuests":
      return check(await revokeGuestLinks(prisma, userId, id));
    case "nextSession": {
      const answer = await retryNextSession(prisma, { userId, id });
      if (answer.ok) return { message: null };
      if (answer.reason === "not_found") throw notYours();
      return { message: answer.message };
    }
    default:
      return intent satisfies never;
  }
}

function check(isDone: boolean): { message: null } {
  if (!isDone) throw notYours();
  return { message: null };
}
