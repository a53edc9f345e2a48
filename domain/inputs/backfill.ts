import { z } from "zod";

const words = "Give a day that is past, such as 2024-01-31.";
const earliest = new Date("1970-01-01T00:00:00Z");

/** From when on a channel's older videos are wanted. A day without a time is meant from its begin, in UTC. */
export const NewBackfill = z.object({
  since: z
    .union([z.iso.date(), z.iso.datetime({ offset: true })], words)
    .transform((text) => new Date(text))
    .refine((at) => at >= earliest && at <= new Date(), words)
    .meta({
      description: "A day, or a time with its offset (ISO 8601); what was published from then on is brought in",
    }),
});
