import { z } from "zod";
import { readOpml } from "../channels/opml.ts";
import { channelStart } from "./channel.ts";

/** Most characters of a list of feeds. */
export const largestOpml = 1_000_000;
const tooLarge = `The file may have ${largestOpml.toLocaleString("en")} characters.`;

/** A list of feeds, each of which becomes a channel. */
export const FeedImport = z.object({
  opml: z
    .string("Choose a file.")
    .min(1, "Choose a file.")
    .max(largestOpml, tooLarge)
    .transform((text, context) => {
      const read = readOpml(text);
      if (read.ok) return read.feeds;
      context.addIssue({ code: "custom", message: read.problem });
      return z.NEVER;
    })
    .meta({ description: "An OPML file, as podcast apps and readers export it" }),
  ...channelStart,
});
export type FeedImport = z.infer<typeof FeedImport>;
