import { z } from "zod";
import { prose, textLimits } from "../text.ts";
import { conversationTitle } from "./conversation.ts";

const minutes = "Choose between 1 and 1440 minutes.";

export const meetingFields = {
  name: conversationTitle(),
  agentId: z.uuid("Choose whom to talk with."),
  prompt: prose(textLimits.prompt),
  durationMinutes: z.number(minutes).int(minutes).min(1, minutes).max(1440, minutes),
};

/** The words for a time that was meant to be given, and was not or is none. */
export const noTime = "Choose a day and a time.";
