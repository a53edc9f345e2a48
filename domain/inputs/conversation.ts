import { z } from "zod";
import { isTemplate, templates } from "../templates.ts";
import { instructions, key, line, textLimits, title } from "../text.ts";

/** What a recording or a meeting is called. */
export const conversationTitle = () => title("Give it a name.");

/** A speaker by its label. An empty name gives the label back. */
export const speakerFields = { label: key(40), displayName: line(textLimits.name) };

/** How a transcript is to be read anew. */
export const analysisFields = {
  template: z.string().refine(isTemplate, { error: `must be one of ${Object.keys(templates).join(", ")}` }),
  instructions: instructions(),
};
