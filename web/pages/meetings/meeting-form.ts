import { z } from "zod";
import { line, prose, textLimits } from "#domain/text.ts";
import type { MeetingEdit } from "#records/meetings/meeting-edits.ts";
import { parseForm } from "../forms.ts";
import type { Parsed } from "../forms.ts";

const minutes = "Choose between 1 and 1440 minutes.";
const Fields = z
  .object({
    name: line(textLimits.title),
    agentId: z.uuid("Choose whom to talk with."),
    prompt: prose(textLimits.prompt),
    when: z.enum(["now", "later"]),
    /** The chosen time as the browser's own clock means it. */
    scheduledAt: z.iso.datetime().nullable().catch(null),
    durationMinutes: z.coerce.number(minutes).int(minutes).min(1, minutes).max(1440, minutes),
  })
  .refine(({ when, scheduledAt }) => when === "now" || scheduledAt !== null, {
    path: ["scheduledAt"],
    message: "Choose a day and a time.",
  })
  .transform(({ when, scheduledAt, ...rest }) => ({
    ...rest,
    scheduledAt: when === "now" || scheduledAt === null ? null : new Date(scheduledAt),
  }));

/** The fields of a meeting as its forms send them; an empty name is left to whoever asks. */
export const parseMeetingForm = (form: FormData): Parsed<Required<MeetingEdit>> => parseForm(Fields, form);
