import { z } from "zod";
import { isTimeZone } from "../calendar/time-zone.ts";
import { RecordedAt } from "../recorded.ts";
import { key, line, textLimits } from "../text.ts";
import { languageTag } from "./language.ts";

/** Empty fields count as not given, as forms send them. */
const given = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === "" || value === null ? undefined : value), schema.optional());

const speakerCounts = "Choose between 1 and 20 people.";
const speakerCount = () =>
  z.coerce.number(speakerCounts).int(speakerCounts).min(1, speakerCounts).max(20, speakerCounts);

/** How a recording is transcribed anew. What is left out stays; nothing but a mark of nothing is null. */
export const AgainDetails = z.object({
  language: z
    .preprocess((value) => (value === "" || value === "auto" ? null : value), languageTag().nullable())
    .optional()
    .meta({ description: 'BCP 47; "auto" or null: what the engine hears. Left out, it stays' }),
  speakers: z
    .preprocess((value) => (value === "" ? null : value), speakerCount().nullable())
    .optional()
    .meta({ description: "How many people speak; null: to be counted. Left out, it stays" }),
});

/** What may be said of a file beside its bytes. */
export const FileDetails = z.object({
  title: given(line(textLimits.title)),
  language: z.preprocess(
    (value) => (value === "auto" ? undefined : value),
    given(
      languageTag().meta({
        description: 'BCP 47, such as "en"; "auto", or left out: what the engine hears, where it can tell',
      }),
    ),
  ),
  speakers: given(speakerCount().meta({ description: "How many people speak, if known" })),
  workspaceId: given(key(64)),
  recordedAt: given(RecordedAt).meta({
    description: "When it was recorded: ISO 8601 with offset. Left out, the file is asked",
  }),
  timeZone: given(
    key(64)
      .refine(isTimeZone, "must be a time zone such as Europe/Berlin")
      .meta({ description: "Where you are, such as Europe/Berlin: for clocks of files that name no offset" }),
  ),
});
export type FileDetails = z.infer<typeof FileDetails>;
