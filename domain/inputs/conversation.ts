import { z } from "zod";
import { isTemplate, templates } from "../templates.ts";
import { instructions, key, line, prose, textLimits, title } from "../text.ts";

/** What a recording or a meeting is called. */
export const conversationTitle = () => title("Give it a name.");

/** A speaker by its label. An empty name gives the label back. */
export const speakerFields = { label: key(40), displayName: line(textLimits.name) };

/** The words of a segment, put right. */
export const segmentText = prose(textLimits.segment).min(1, "Some words must stay.");

/** So many segments are given to another speaker at once. */
export const MOST_REASSIGNED = 500;
/** Which segments; a form has their ids in one field, with commas. */
export const reassignedSegments = z.array(z.uuid()).min(1).max(MOST_REASSIGNED);
export const reassignedSegmentsField = z
  .string()
  .max(MOST_REASSIGNED * 37)
  .transform((ids) => ids.split(","))
  .pipe(reassignedSegments);

/** What a form says of the speaker, beside a label: that it is right, or that the conversation has none such yet. */
export const sameSpeaker = "same";
export const newSpeaker = "new";

/** How a transcript is to be read anew. */
export const analysisFields = {
  template: z.string().refine(isTemplate, { error: `must be one of ${Object.keys(templates).join(", ")}` }),
  instructions: instructions(),
};
