import { z } from "zod";
import { channelModes, channelSources, channelVisibilities } from "../channels/channel.ts";
import { categories } from "../channels/category.ts";
import { ChannelFilters } from "../channels/filters.ts";
import { mostReviewDays, reviewEnds } from "../channels/publication.ts";
import { youtubeAddress } from "../channels/youtube.ts";
import { outsideAddress } from "../outside-address.ts";
import { line, name, prose, title } from "../text.ts";
import { languageTag } from "./language.ts";
import { FileDetails } from "./recording.ts";

/*
 * What people and programs say of channels: the same on pages and in the API.
 */

export const feedUrl = outsideAddress("https://podcast.example.com/feed.xml");
const language = z
  .preprocess((value) => (value === "" || value === "auto" ? null : value), languageTag().nullable())
  .meta({ description: "What is spoken, such as en; auto or nothing: nobody said it" });
const mode = z.enum(channelModes, "Choose one of these.").meta({
  description: "What is published without a person: what the machine is sure of, nothing, or all",
});

const category = z
  .preprocess((value) => (value === "" ? null : value), z.enum(categories, "Choose one of the list.").nullable())
  .meta({ description: "Where directories list the podcast, of Apple's list; null: nowhere" });

const author = z
  .preprocess((value) => (value === "" ? null : value), name().nullable())
  .meta({ description: "Who makes the podcast; null: as its source says it, else the channel's title" });

const ownerEmail = z
  .preprocess(
    (value) => (value === "" ? null : value),
    z.email("Enter an e-mail address, or none.").max(254).toLowerCase().nullable(),
  )
  .meta({
    description: "Locks the podcast: other platforms ask there before they take it over; null: it is not locked",
  });

/** For whom an address of a podcast is. */
export const listenerName = () => name("Say whom it is for.");

/** As many of a source's present items as may be asked for when it is added. */
export const mostStarted = 20;
const startedWords = `Give a whole number from 0 to ${mostStarted}.`;

const noChannel = "Give a channel of YouTube: its address, its @handle, or its id, which begins with UC.";

/** What is said of every new channel, whatever its source. */
export const channelStart = {
  rights: z
    .literal(true, "Say that you may republish what the channel holds.")
    .meta({ description: "That you may republish what the channel holds" }),
  language: language.default(null),
  mode: mode.default("sure"),
  workspaceId: z.string().max(64).optional(),
};

const NewFeed = z.object({
  source: z.literal("feed"),
  url: feedUrl,
  title: title().optional().meta({ description: "As the source calls itself, where left out" }),
  filters: ChannelFilters.prefault({}),
  last: z.coerce
    .number(startedWords)
    .int(startedWords)
    .min(0, startedWords)
    .max(mostStarted, startedWords)
    .default(0)
    .meta({ description: "How many of the items that it has now are processed too" }),
  ...channelStart,
});

const NewYoutube = NewFeed.extend({
  source: z.literal("youtube"),
  url: line(2_000)
    .transform((said, context) => {
      const address = youtubeAddress(said);
      if (address === null) context.addIssue({ code: "custom", message: noChannel });
      return address ?? z.NEVER;
    })
    .meta({ description: "A channel's address, its @handle or its id" }),
});

/** Nothing is read: its videos come by `POST /channels/:id/videos`. */
const NewUploads = z.object({ source: z.literal("upload"), title: title(), ...channelStart });

export const NewChannel = z.discriminatedUnion("source", [NewFeed, NewYoutube, NewUploads], {
  error: `Choose one of ${channelSources.join(", ")}.`,
});
export type NewChannel = z.infer<typeof NewChannel>;

const orNothing = (most: number) => {
  const words = `Give a whole number from 1 to ${most}, or nothing.`;
  return z.preprocess(
    (value) => (value === "" ? null : value),
    z.coerce.number(words).int(words).min(1, words).max(most, words).nullable(),
  );
};
const keepEpisodes = orNothing(3_000).meta({
  description: "Of how many published episodes, the newest, the files are kept; null: of all",
});
const originalsDays = orNothing(3_650).meta({
  description: "How many days after its episode was made a fetched file is kept; null: for good",
});

const daysWords = `Give a whole number from 1 to ${mostReviewDays}.`;

export const ChannelChange = z
  .object({
    title: title().optional(),
    url: feedUrl.optional(),
    language: language.optional(),
    mode: mode.optional(),
    category: category.optional(),
    author: author.optional(),
    ownerEmail: ownerEmail.optional(),
    visibility: z.enum(channelVisibilities, "Choose one of these.").optional().meta({
      description: "Who can listen: whoever knows `feedUrl`, or only listeners with an address of their own",
    }),
    filters: ChannelFilters.optional(),
    withdrawsDeleted: z
      .boolean("Choose one of these.")
      .optional()
      .meta({ description: "Whether an episode is withdrawn whose item the source takes back" }),
    reviewDays: z.coerce
      .number(daysWords)
      .int(daysWords)
      .min(1, daysWords)
      .max(mostReviewDays, daysWords)
      .optional()
      .meta({ description: "How many days an episode that is held from now on waits for a person" }),
    keepEpisodes: keepEpisodes.optional(),
    originalsDays: originalsDays.optional(),
    reviewThen: z.enum(reviewEnds, "Choose one of these.").optional().meta({
      description:
        "What becomes of an episode on which nobody has decided by then: it goes on waiting, is published, or is discarded",
    }),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), "Say what to change.");

/** What a channel is made from, as `createChannel` takes it. */
export function channelDraft(said: NewChannel) {
  const { source, language: spoken, mode: chosen } = said;
  const same = { source, title: said.title ?? null, language: spoken, mode: chosen };
  if (said.source !== "upload") return { ...same, url: said.url, filters: said.filters, startsLast: said.last };
  // What people put in themselves is wanted, whatever a filter would say.
  return { ...same, url: null, filters: ChannelFilters.parse({}), startsLast: 0 };
}

/** What may be said of a file that is put into a channel of own files. */
export const VideoDetails = FileDetails.pick({ title: true, speakers: true, recordedAt: true, timeZone: true });
export type VideoDetails = z.infer<typeof VideoDetails>;

/** A recording of the channel's workspace that becomes an episode. */
export const VideoOfRecording = z.object({ recordingId: z.uuid("Name a recording of the channel's workspace.") });

export const tooManyChannels = "This workspace has as many channels as it may. Delete one first.";

/** The least that is an episode, in seconds. */
export const shortestCut = 1;
const place = z.number("Give seconds of the file.").min(0, "A file begins at 0.").max(1_000_000);

/** What of the file an episode is to hold, in seconds. */
export const EpisodeCut = z
  .object({ start: place, end: place })
  .refine(({ start, end }) => end - start >= shortestCut, {
    error: "The end has to come a second after the start, or later.",
    path: ["end"],
  });
export type EpisodeCut = z.infer<typeof EpisodeCut>;

/** What a person words of an episode. From then on its source's words are not taken over. */
export const EpisodeChange = z
  .object({ title: title().optional(), description: prose(10_000).optional() })
  .refine((change) => Object.values(change).some((value) => value !== undefined), "Say what to change.");
export type EpisodeChange = z.infer<typeof EpisodeChange>;
