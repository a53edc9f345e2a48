import { z } from "zod";
import { channelModes, channelSources } from "../channels/channel.ts";
import { ChannelFilters } from "../channels/filters.ts";
import { outsideAddress } from "../outside-address.ts";
import { title } from "../text.ts";
import { languageTag } from "./language.ts";

/*
 * What people and programs say of channels: the same on pages and in the API.
 */

const feedUrl = outsideAddress("https://podcast.example.com/feed.xml");
const language = z
  .preprocess((value) => (value === "" || value === "auto" ? null : value), languageTag().nullable())
  .meta({ description: "What is spoken, such as en; auto or nothing: nobody said it" });
const mode = z.enum(channelModes, "Choose one of these.").meta({
  description: "What is published without a person: what the machine is sure of, nothing, or all",
});

/** As many of a source's present items as may be asked for when it is added. */
export const mostStarted = 20;
const startedWords = `Give a whole number from 0 to ${mostStarted}.`;

export const NewChannel = z.object({
  source: z.enum(channelSources),
  url: feedUrl,
  rights: z
    .literal(true, "Say that you may republish what the channel holds.")
    .meta({ description: "That you may republish what the channel holds" }),
  title: title().optional().meta({ description: "As the source calls itself, where left out" }),
  language: language.default(null),
  mode: mode.default("sure"),
  filters: ChannelFilters.prefault({}),
  last: z.coerce
    .number(startedWords)
    .int(startedWords)
    .min(0, startedWords)
    .max(mostStarted, startedWords)
    .default(0)
    .meta({ description: "How many of the items that it has now are processed too" }),
  workspaceId: z.string().max(64).optional(),
});
export type NewChannel = z.infer<typeof NewChannel>;

export const ChannelChange = z
  .object({
    title: title().optional(),
    url: feedUrl.optional(),
    language: language.optional(),
    mode: mode.optional(),
    filters: ChannelFilters.optional(),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), "Say what to change.");

/** What a channel is made from, as `createChannel` takes it. */
export const channelDraft = ({
  source,
  url,
  title: named,
  language: spoken,
  mode: chosen,
  filters,
  last,
}: NewChannel) => ({
  source,
  url,
  title: named ?? null,
  language: spoken,
  mode: chosen,
  filters,
  startsLast: last,
});

export const tooManyChannels = "This workspace has as many channels as it may. Delete one first.";
