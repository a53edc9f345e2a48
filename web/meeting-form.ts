import { z } from "zod";
import type { MeetingEdit } from "#records/meeting-edits.ts";
import { parseForm } from "./forms.ts";
import type { Parsed } from "./forms.ts";

const Name = z
  .string()
  .trim()
  .max(200, "Use 200 characters at most.")
  .transform((name) => name.replace(/\p{Cc}+/gu, " "));

const minutes = "Choose between 1 and 1440 minutes.";
const Fields = z
  .object({
    name: Name,
    agentId: z.uuid("Choose whom to talk with."),
    prompt: z
      .string()
      .trim()
      .max(20_000, "Use 20,000 characters at most.")
      .transform((text) => text.replaceAll("\0", "")),
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
