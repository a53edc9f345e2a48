import { z } from "zod";
import { callAgentAgain, hasNotGivenUp } from "#records/meetings/agent-again.ts";
import { homeOfConversation } from "#records/conversations/conversations.ts";
import { leaveMeeting } from "#records/meetings/call-end.ts";
import { revokeGuestLinks } from "#records/meetings/guest-links.ts";
import { retryNextSession } from "#records/meetings/meeting-edits.ts";
import { mustParse } from "../forms.ts";
import { settleFor } from "../outcome.ts";
import type { ActionMessage } from "../outcome.ts";
import { isHostOf } from "./meeting-data.ts";
import { editFromForm } from "./meeting-edit.ts";
import { actOnConversation } from "../recordings/recording-actions.ts";
import type { Requester } from "../recordings/recording-actions.ts";

/** What only a meeting's page asks for. */
const intents = ["callAgent", "edit", "endCall", "nextSession", "revokeGuests"] as const;
const MeetingIntent = z.object({ intent: z.enum(intents) });

const settle = settleFor("There is no such meeting, or your role does not allow this.");

/** Does what a form of a meeting's page asks. `message` says in words why the state of things does not allow it. */
export async function actOnMeeting(asker: Requester, form: FormData): Promise<ActionMessage> {
  const isOwn = MeetingIntent.safeParse({ intent: form.get("intent") }).success;
  if (!isOwn) return actOnConversation(asker, form, "/meetings");
  const { prisma, userId, id } = asker;
  const { intent } = mustParse(MeetingIntent, form);
  switch (intent) {
    case "edit":
      return editFromForm(asker, form);
    case "callAgent": {
      const isCalled = await callAgentAgain(prisma, { userId, id });
      const refusal = { ok: false, reason: "conflict", message: hasNotGivenUp } as const;
      return settle(isCalled === false ? refusal : isCalled === true);
    }
    case "endCall": {
      const meeting = await homeOfConversation(prisma, userId, id, "meeting");
      const isHost = meeting !== null && (await isHostOf(prisma, userId, meeting));
      return settle(isHost && (await leaveMeeting(prisma, { userId, id, endForAll: true })));
    }
    case "revokeGuests":
      return settle(await revokeGuestLinks(prisma, userId, id));
    case "nextSession":
      return settle(await retryNextSession(prisma, { userId, id }));
    default:
      return intent satisfies never;
  }
}
