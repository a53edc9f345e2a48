import { z } from "zod";
import { channelModes, channelSources, channelVisibilities } from "#domain/channels/channel.ts";
import { ChannelFilters } from "#domain/channels/filters.ts";
import { reasonNames } from "#domain/channels/judgement/decide.ts";
import { jobStages, jobStatuses } from "#domain/channels/job.ts";
import { episodeStates, reviewEnds } from "#domain/channels/publication.ts";
import { Id, Instant } from "./schemas.ts";

export const ChannelSound = z
  .object({
    fileName: z.string(),
    bytes: z.number().int(),
    durationSeconds: z.number(),
    createdAt: Instant,
  })
  .meta({ id: "ChannelSound" });

export const ChannelCover = z
  .object({
    fileName: z.string(),
    mediaType: z.string(),
    bytes: z.number().int(),
    width: z.number().int().meta({ description: "In pixels; it is as high" }),
    createdAt: Instant,
  })
  .meta({ id: "ChannelCover" });

export const Channel = z
  .object({
    id: Id,
    workspaceId: Id,
    source: z.enum(channelSources),
    url: z.string().nullable().meta({ description: "Null for whoever may not change the channel" }),
    title: z.string(),
    description: z.string(),
    imageUrl: z.string().nullable(),
    language: z.string().nullable(),
    mode: z.enum(channelModes),
    category: z.string().nullable().meta({ description: "Where directories list its podcast, of Apple's list" }),
    author: z.string().nullable().meta({ description: "Who makes its podcast, where somebody said it here" }),
    ownerEmail: z
      .string()
      .nullable()
      .meta({ description: "Whom other platforms ask before they take its podcast over; it stands in the feed" }),
    visibility: z.enum(channelVisibilities),
    filters: ChannelFilters,
    withdrawsDeleted: z
      .boolean()
      .meta({ description: "Whether an episode is withdrawn whose item the source takes back" }),
    reviewDays: z.number().int().meta({ description: "How many days a held episode waits for a person" }),
    reviewThen: z.enum(reviewEnds).meta({ description: "What becomes of it then" }),
    keepEpisodes: z
      .number()
      .int()
      .nullable()
      .meta({ description: "Of how many published episodes the files are kept" }),
    originalsDays: z.number().int().nullable().meta({ description: "How many days fetched files are kept" }),
    intro: ChannelSound.nullable().meta({ description: "What is heard before each episode that is made from now on" }),
    outro: ChannelSound.nullable(),
    cover: ChannelCover.nullable(),
    paused: z.boolean(),
    createdAt: Instant,
    feedUrl: z
      .string()
      .meta({ description: "Where listeners find its podcast, unless it is private; the address stays" }),
    check: z.object({
      state: z.enum(["none", "waiting", "running", "ok", "failed"]),
      checkedAt: Instant.nullable(),
      nextCheckAt: Instant.nullable(),
      problem: z.object({ code: z.string(), message: z.string() }).nullable(),
    }),
  })
  .meta({ id: "Channel" });

export const Video = z
  .object({
    id: Id,
    title: z.string(),
    publishedAt: Instant.nullable(),
    durationSeconds: z.number().nullable(),
    state: z.string(),
    reason: z.string(),
    pageUrl: z.string().nullable(),
  })
  .meta({ id: "Video" });

export const Episode = z
  .object({
    id: Id,
    channelId: Id,
    videoId: Id,
    revision: z.number().int(),
    state: z.enum(episodeStates),
    published: z.boolean(),
    title: z.string(),
    description: z.string(),
    durationSeconds: z.number(),
    audioBytes: z.number().int(),
    audioType: z.string(),
    reason: z.string(),
    reviewUntil: Instant.nullable().meta({
      description: "Until when it waits for a person; null: it does not wait, or for as long as it takes",
    }),
    audioRemovedAt: Instant.nullable().meta({ description: "When its channel's `keepEpisodes` had its file removed" }),
    reviewThen: z.enum(reviewEnds).nullable().meta({ description: "What becomes of it then" }),
    originalDate: Instant.nullable(),
    publishedAt: Instant.nullable(),
    createdAt: Instant,
  })
  .meta({ id: "Episode" });

/** D-9, with what people need besides. */
export const Job = z
  .object({
    id: Id,
    videoId: Id,
    videoTitle: z.string(),
    status: z.enum(jobStatuses),
    stage: z.enum(jobStages),
    progress: z.number().int().min(0).max(100),
    message: z.string(),
    attempt: z.number().int(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({ id: "Job" });

const Decision = z
  .object({
    should_autopublish: z.boolean(),
    confidence: z.number().min(0).max(1).meta({ description: "That of the weakest reason; from 0.5 on all are met" }),
    startMs: z.number().int().meta({ description: "Where the content begins in the file, in milliseconds" }),
    endMs: z.number().int(),
    chaptersNote: z.string().meta({
      description: "Why the episode's chapters are not its source's own; empty where there is nothing to say",
    }),
    sound: z
      .object({
        durationMs: z.number().int(),
        lufs: z.number().meta({ description: "Integrated loudness of the finished file (EBU R 128); -70 is silence" }),
        truePeak: z.number().meta({ description: "dBTP" }),
      })
      .nullable()
      .meta({ description: "The episode's sound; null until it is made" }),
    reasons: z.array(
      z.object({
        name: z.enum(reasonNames),
        isMet: z.boolean(),
        value: z.number(),
        threshold: z.number().meta({ description: "The least value that speaks for publishing" }),
        words: z.string(),
        segmentIds: z.array(Id),
      }),
    ),
  })
  .meta({ id: "Decision" });

export const EpisodeDetail = Episode.extend({
  decision: Decision.nullable().meta({ description: "What was judged of this revision; null where nothing was" }),
}).meta({ id: "EpisodeDetail" });

export const JobDetail = Job.extend({
  video: Video.extend({
    externalId: z.string(),
    description: z.string(),
  }).omit({ reason: true }),
  episode: Episode.nullable(),
  decision: Decision.nullable().meta({ description: "Null until it is judged" }),
}).meta({ id: "JobDetail" });

export const Stats = z
  .object({
    totalVideos: z.number().int().meta({ description: "Videos that were ever put in line" }),
    totalEpisodes: z.number().int(),
    publishedEpisodes: z.number().int(),
    unpublishedEpisodes: z.number().int().meta({ description: "totalEpisodes - publishedEpisodes" }),
    activeJobs: z.number().int().meta({ description: "Jobs that are pending or processing" }),
    failedJobs: z.number().int().meta({ description: "Jobs that failed or were cancelled" }),
    successRate: z
      .number()
      .meta({ description: "totalEpisodes / totalVideos × 100, to two decimals; 0 where there are no videos" }),
    finishedSuccessRate: z
      .number()
      .meta({ description: "totalEpisodes / (totalEpisodes + failedJobs) × 100: leaves out what still runs" }),
  })
  .meta({ id: "ChannelStats" });
