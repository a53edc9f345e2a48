import { z } from "zod";
import { botVariables } from "#domain/bot-settings.ts";
import { accountVariables } from "#domain/calendar/account-settings.ts";
import { jitsiVariables } from "#domain/calendar/jitsi-hosts.ts";
import { policyVariables } from "#domain/calendar/policy.ts";
import { isLoopbackName, publicUrl } from "#domain/public-url.ts";
import { sealVariables } from "#records/seal.ts";
import { databaseVariables, readSettings, s3Variables, spaceVariables } from "#records/settings.ts";

const port = z.coerce.number().int().min(0).max(65_535);
const count = z.coerce.number().int().positive();

/** The variables of the web process. Each description is a line of the configuration table. */
export const webEnvSchema = z.object({
  NODE_ENV: z.enum(["development", "test", "production"]).default("production").describe("Mode of the web process"),
  HOST: z.string().optional().describe("Address to listen on; all addresses where not set"),
  PORT: port.default(3000).describe("Port of the one public address"),
  PUBLIC_URL: publicUrl
    .optional()
    .describe("Address in people's browsers, without a path; http://localhost:PORT where not set"),
  INTERNAL_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Where worker and other web processes reach this one alone; where not set, what it listens on"),
  FRONTEND_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Front end that may use API and live feed; http://localhost:5173 where PUBLIC_URL is this machine"),
  TRUST_PROXY: z.coerce.number().int().min(0).default(0).describe("Number of reverse proxies in front of the server"),
  ...databaseVariables,
  DATABASE_CONNECTIONS: count.default(10).describe("Postgres connections of this process, at most"),
  CONVENE_SECRET: z.string().min(32).describe("Signs sessions and tokens; at least 32 random characters"),
  ...sealVariables,
  CONVENE_ADMIN_EMAIL: z.email().optional().describe("First administrator's e-mail address"),
  CONVENE_ADMIN_PASSWORD: z.string().min(8).max(128).optional().describe("First administrator's password"),
  SIGN_UP: z.enum(["open", "closed"]).default("open").describe("Who may make an account; closed leaves invite links"),
  MEDIA_DIR: z.string().min(1).default(".convene/media").describe("Folder for audio and for uploads under way"),
  ...s3Variables,
  ...spaceVariables,
  MAX_DURATION_SECONDS: count.default(8 * 3600).describe("Longest recording taken, in seconds"),
  UPLOAD_EXPIRY_HOURS: count.default(24).describe("Hours after which an unfinished upload is removed"),
  UPLOAD_IDLE_SECONDS: count
    .default(600)
    .describe("Seconds without a sign of its sender after which a recording under way is ended"),
  CONNECTIONS_PER_ADDRESS: count
    .default(200)
    .describe("Open connections of one address, at most; none counted behind a proxy"),
  API_RATE_PER_MINUTE: count.default(600).describe("API requests a minute, for each person or address"),
  PAGE_RATE_PER_MINUTE: count
    .default(1800)
    .describe("Page requests a minute, for each address; a whole office may share one"),
  UPLOAD_RATE_PER_HOUR: count.default(200).describe("New uploads an hour, for each person"),
  SIGN_IN_BURST: count.default(10).describe("Failed sign-ins in a row before the rate below holds"),
  SIGN_IN_PER_MINUTE: count
    .default(1)
    .describe("Failed sign-ins a minute after the burst, for an account at one address"),
  INVITE_MAILS_PER_HOUR: count.default(30).describe("Invites that one person may mail in an hour"),
  SIGN_UP_PER_HOUR: count.default(30).describe("New accounts an hour from one address"),
  STREAM_API_KEY: z
    .string()
    .min(1)
    .optional()
    .describe("Stream Video's API key; with the secret, calls are held there"),
  STREAM_API_SECRET: z.string().min(1).optional().describe("Stream Video's secret; also signs its webhooks"),
  STREAM_API_SECRET_PREVIOUS: z
    .string()
    .min(1)
    .optional()
    .describe("The secret before, under which webhooks are still taken while it is being replaced"),
  STREAM_BASE_URL: z.url().optional().describe("Address of Stream's API, if not its own"),
  ...botVariables,
  ATTENDEE_WEBHOOK_SECRET: z
    .base64()
    .min(1)
    .optional()
    .describe("Secret of Attendee's webhooks, in base64; without it, bots are only asked how they fare"),
  RECALL_WEBHOOK_SECRET: z
    .string()
    .regex(/^whsec_/, "begins with whsec_")
    .refine((secret) => z.base64().min(1).safeParse(secret.slice("whsec_".length)).success, "is base64 after whsec_")
    .optional()
    .describe("Secret of Recall.ai's webhooks (`whsec_…`); without it, bots are only asked how they fare"),
  VEXA_WEBHOOK_SECRET: z
    .string()
    .min(16)
    .optional()
    .describe("Secret of Vexa's webhooks, 16 characters at least; without it, bots are only asked how they fare"),
  BOT_CENTS_PER_HOUR: z.coerce
    .number()
    .min(0)
    .default(0)
    .describe("What a bot's hour in a meeting costs, in cents, for the page that operators see; 0 leaves costs out"),
  SMTP_URL: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Mail server (smtp://user:password@host:port) for reminders, invites, accounts, passwords; no mail without it",
    ),
  TEMPORAL_ADDRESS: z.string().default("localhost:7233").describe("Temporal server's host and port"),
  TEMPORAL_NAMESPACE: z.string().default("default").describe("Temporal namespace"),
  TEMPORAL_UI_URL: z.url().optional().describe("Temporal UI's address, for links from runs"),
  ...policyVariables,
  ...jitsiVariables,
  ...accountVariables,
  AUTO_JOIN_WORKER_SECRET: z
    .string()
    .min(16)
    .optional()
    .describe("Lets a scheduler of one's own make passes of auto-join; at least 16 characters"),
  METRICS_PORT: port.optional().describe("Loopback port of /metrics; off where not set"),
  LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"])
    .default("info")
    .describe("Log level"),
});

export type WebEnv = Omit<z.infer<typeof webEnvSchema>, "PUBLIC_URL"> & { PUBLIC_URL: string };

/** Reads this process's variables, or throws one error that names every bad one (never its value). */
export function parseWebEnv(variables: NodeJS.ProcessEnv): WebEnv {
  const env = readSettings(webEnvSchema, variables, "web");
  const publicAddress = (env.PUBLIC_URL ?? `http://localhost:${env.PORT}`).replace(/\/+$/, "");
  const local = isLoopbackName(new URL(publicAddress).hostname) ? "http://localhost:5173" : undefined;
  return { ...env, PUBLIC_URL: publicAddress, FRONTEND_URL: env.FRONTEND_URL ?? local };
}

export const loadWebEnv = () => parseWebEnv(process.env);
