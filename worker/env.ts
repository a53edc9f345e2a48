import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { botVariables } from "#domain/bot-settings.ts";
import { accountVariables } from "#domain/calendar/account-settings.ts";
import { jitsiVariables } from "#domain/calendar/jitsi-hosts.ts";
import { policyVariables } from "#domain/calendar/policy.ts";
import { publicUrl } from "#domain/public-url.ts";
import { sealVariables } from "#records/seal.ts";
import { databaseVariables, readSettings, s3Variables, spaceVariables } from "#records/settings.ts";

const optional = z.string().min(1).optional();
const count = (fallback: number) => z.coerce.number().int().positive().default(fallback);

const cidrs = z
  .string()
  .default("")
  .transform((list) =>
    list
      .split(",")
      .map((each) => each.trim())
      .filter(Boolean),
  )
  .pipe(z.array(z.union([z.cidrv4(), z.cidrv6()], { error: "not a CIDR such as 10.0.0.0/8 or fd00::/8" })));

/** Every variable the worker reads; README's table and `.env.example` are tested against it. */
export const workerEnvSchema = z.object({
  ...databaseVariables,
  ...sealVariables,
  TEMPORAL_ADDRESS: z.string().min(1).default("localhost:7233").describe("Temporal server's host and port"),
  TEMPORAL_NAMESPACE: z.string().min(1).default("default").describe("Temporal namespace"),
  TEMPORAL_API_KEY: optional.describe("API key of Temporal Cloud; turns TLS on"),
  TEMPORAL_TLS_CERT: optional.describe("Path of the client certificate for mTLS"),
  TEMPORAL_TLS_KEY: optional.describe("Path of the client key for mTLS"),
  TEMPORAL_TLS_CA: optional.describe(
    "Path of the authority's certificate, where Temporal's is of one's own; turns TLS on",
  ),
  TEMPORAL_TLS_SERVER_NAME: optional.describe(
    "Name that Temporal's certificate is for, if not that of its address; turns TLS on",
  ),
  PUBLIC_URL: publicUrl
    .optional()
    .describe(
      "Address in people's browsers, for the link from Temporal UI to a run's page, and where hubs of feeds call",
    ),
  MEDIA_DIR: z.string().min(1).default(".convene/media").describe("Folder of audio files, where S3_BUCKET is not set"),
  ...s3Variables,
  ...spaceVariables,
  CONVENE_CACHE: z
    .string()
    .min(1)
    .default(join(homedir(), ".cache", "convene"))
    .describe("Where fetched speech weights and the Temporal server are kept"),
  OPENAI_API_KEY: optional.describe("Speech and analysis by OpenAI or a compatible server"),
  OPENAI_BASE_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Base URL of a compatible server"),
  SPEECH_API_KEY: optional.describe(
    "Key of the speech service, if another; OPENAI_API_KEY goes to its own origin alone",
  ),
  SPEECH_BASE_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Base URL of the speech service, if another than OPENAI_BASE_URL"),
  SPEECH_MODEL: z
    .string()
    .min(1)
    .default("gpt-4o-transcribe-diarize")
    .describe("Speech model where a speech service is set; `embedded` keeps speech on this machine"),
  ANALYSIS_MODEL: z
    .string()
    .min(1)
    .default("gpt-5-mini")
    .describe("Language model where OPENAI_API_KEY is set; `embedded` keeps analysis on this machine"),
  OPENAI_MODEL: z
    .string()
    .min(1)
    .default("gpt-4o")
    .describe("Language model of meetings where OPENAI_API_KEY is set: their analysis, and the practice call's agent"),
  MODEL_CONTEXT_TOKENS: z.coerce
    .number()
    .int()
    .min(2048)
    .optional()
    .describe("Context window of the language models, where their server does not tell of it"),
  MODEL_DEADLINE_SECONDS: count(180).describe("Longest wait for one answer of a language model"),
  SPEECH_DEADLINE_SECONDS: count(300).describe("Longest wait for the words of one piece, up to five minutes of sound"),
  OPENAI_REALTIME_MODEL: z.string().min(1).default("gpt-realtime").describe("Model of the agent in calls by Stream"),
  STREAM_API_KEY: optional.describe("Stream Video's API key; with the secret, calls are held there"),
  STREAM_API_SECRET: optional.describe("Stream Video's secret; also signs its webhooks"),
  STREAM_BASE_URL: z.url().optional().describe("Address of Stream's API, if not its own"),
  ...botVariables,
  ATTENDEE_BASE_URL: z
    .url({ protocol: /^https?$/ })
    .default("https://app.attendee.dev")
    .describe("Address of Attendee, where it is hosted by oneself"),
  RECALL_BASE_URL: z
    .url({ protocol: /^https?$/ })
    .default("https://us-east-1.recall.ai")
    .describe("Address of the Recall.ai region that the key is of"),
  VEXA_BASE_URL: z
    .url({ protocol: /^https?$/ })
    .default("https://api.cloud.vexa.ai")
    .describe("Address of Vexa, where it is hosted by oneself"),
  BOT_HOURS_PER_DAY: count(200).describe("Hours that bots may spend in one workspace's meetings per day (UTC)"),
  BOT_ALONE_MINUTES: count(10).describe("Minutes after which a bot leaves a meeting in which nobody else is"),
  BOT_SILENT_MINUTES: count(60).describe("Minutes after which a bot leaves a meeting in which nobody speaks any more"),
  BOT_ERASE_AFTER_DAYS: z.coerce
    .number()
    .int()
    .min(0)
    .default(7)
    .describe("Days after which what a bot recorded is erased at its provider; what was fetched stays here"),
  BOT_TASKS_PER_SECOND: count(50).describe("What is asked of bots' providers by all workers in a second, at most"),
  FETCH_ALLOW: cidrs.describe(
    "CIDRs, by commas, that files named from outside may be fetched from besides the open web",
  ),
  MEETING_MAX_MINUTES: count(4 * 60).describe("Longest a call may last before it is taken for over"),
  AGENT_LINK_MINUTES: count(55).describe("Minutes after which an agent's link to a call is renewed"),
  REALTIME_COLLECTION_PERCENT: z.coerce
    .number()
    .int()
    .min(0)
    .max(100)
    .default(100)
    .describe("Share of meetings whose words are collected live; the others wait for the provider's own transcript"),
  ...policyVariables,
  ...jitsiVariables,
  ...accountVariables,
  AUTO_JOIN_INTERVAL_SECONDS: count(60).describe("Seconds between two passes of auto-join"),
  CALENDAR_SYNC_INTERVAL_SECONDS: count(300).describe("Seconds between two syncs of a calendar"),
  CHANNEL_CHECK_INTERVAL_SECONDS: count(900).describe("Seconds between two looks at a channel's source"),
  YOUTUBE_API_KEY: optional.describe(
    "Key of Google's YouTube Data API, which tells of videos' lengths and of streams that are not over; not needed",
  ),
  YOUTUBE_BASE_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Address of YouTube and of its Data API, if not their own"),
  WEBSUB_HUB_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Hub that tells of what channels of YouTube publish, if not YouTube's own"),
  YTDLP_PATH: optional.describe("Path of a yt-dlp of one's own; without it the pinned one is fetched once by pip"),
  YTDLP_PROXY: z
    .url({ protocol: /^(?:https?|socks5h?)$/ })
    .optional()
    .describe("Proxy for yt-dlp, which then decides what may be reached, instead of the guarding one on loopback"),
  SMTP_URL: optional.describe(
    "Mail server (smtp://user:password@host:port) for reminders, invites, accounts, passwords; no mail without it",
  ),
  MAIL_FROM: z.string().min(1).default("Convene <convene@localhost>").describe("Sender of mails"),
  SPEECH_CENTS_PER_MINUTE: z.coerce
    .number()
    .min(0)
    .default(0.6)
    .describe("What the speech provider charges for a minute of audio, in cents; counts towards the daily limit"),
  MODEL_SPEND_CENTS_PER_DAY: count(2000).describe("Paid models stop for the day (UTC) at this cost, in cents"),
  MAX_DURATION_SECONDS: count(8 * 60 * 60).describe("Longest recording"),
  MEDIA_DEADLINE_SECONDS: count(60 * 60).describe("Most time for decoding one file"),
  MEDIA_MEMORY_MB: count(1024).describe("Most memory for decoding one file"),
  MEDIA_CONCURRENCY: count(2).describe("Recordings decoded or recognised at the same time by one worker"),
  METRICS_PORT: z.coerce.number().int().min(0).optional().describe("Loopback port of /metrics; off when not set"),
  WORKER_HEALTH_PORT: z.coerce.number().int().min(0).optional().describe("Loopback port of the worker's /readyz"),
  LOG_LEVEL: z
    .enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"])
    .default("info")
    .describe("Log level"),
});
export type WorkerEnv = z.infer<typeof workerEnvSchema>;

/** Reads this process's variables, or throws one error that names every bad one (never its value). */
export const readWorkerEnv = (variables: NodeJS.ProcessEnv): WorkerEnv =>
  readSettings(workerEnvSchema, variables, "worker");
