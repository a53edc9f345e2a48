import { z } from "zod";
import { meetingFields, noTime } from "#domain/inputs/meeting.ts";
import { line, textLimits } from "#domain/text.ts";
import type { MeetingEdit } from "#records/meetings/meeting-edits.ts";
import { parseForm } from "../forms.ts";
import type { Parsed } from "../forms.ts";

const { agentId, prompt, durationMinutes } = meetingFields;
const Fields = z
  .object({
    name: line(textLimits.title),
    agentId,
    prompt,
    when: z.enum(["now", "later"]),
    /** The chosen time as the browser's own clock means it. */
    scheduledAt: z.iso.datetime().nullable().catch(null),
    durationMinutes: z.preprocess(Number, durationMinutes),
  })
  .refine(({ when, scheduledAt }) => when === "now" || scheduledAt !== null, {
    path: ["scheduledAt"],
    message: noTime,
  })
  .transform(({ when, scheduledAt, ...rest }) => ({
    ...rest,
    scheduledAt: when === "now" || scheduledAt === null ? null : new Date(scheduledAt),
  }));

/** The fields of a meeting as its forms send them; an empty name is left to whoever asks. */
export const parseMeetingForm = (form: FormData): Parsed<Required<MeetingEdit>> => parseForm(Fields, form);
