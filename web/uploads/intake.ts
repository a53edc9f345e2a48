import { z } from "zod";
import { isTimeZone } from "#domain/calendar/time-zone.ts";
import { RecordedAt } from "#domain/recorded.ts";
import { cleanLine, cut, key, line, textLimits } from "#domain/text.ts";
import { bytesOwnedBy, consume } from "#records/accounts/rate-limit.ts";
import type { Actor } from "../auth/auth.ts";
import type { WebDeps } from "../deps.ts";
import { Problem, tooManyRequests } from "../http/problem.ts";

/** What may be said of a file beside its bytes. Empty fields count as not given, as forms send them. */
const given = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === "" || value === null ? undefined : value), schema.optional());

const languageTag = z.string().regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/, "must be a language tag such as en");

/** How a recording is transcribed anew. What is left out stays; nothing but a mark of nothing is null. */
export const AgainDetails = z.object({
  language: z
    .preprocess((value) => (value === "" || value === "auto" ? null : value), languageTag.nullable())
    .optional()
    .meta({ description: 'BCP 47; "auto" or null: what the engine hears. Left out, it stays' }),
  speakers: z
    .preprocess((value) => (value === "" ? null : value), z.coerce.number().int().min(1).max(20).nullable())
    .optional()
    .meta({ description: "How many people speak; null: to be counted. Left out, it stays" }),
});

export const FileDetails = z.object({
  title: given(line(textLimits.title)),
  language: z.preprocess(
    (value) => (value === "auto" ? undefined : value),
    given(
      languageTag.meta({
        description: 'BCP 47, such as "en"; "auto", or left out: what the engine hears, where it can tell',
      }),
    ),
  ),
  speakers: given(z.coerce.number().int().min(1).max(20).meta({ description: "How many people speak, if known" })),
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

const longestFileName = 200;

/** A stranger's file name as a name: no folders, no control characters, not too long. */
export function cleanFileName(name: string | null | undefined): string {
  const last = (name ?? "").split(/[/\\]/).at(-1) ?? "";
  // Characters that turn the direction of writing would show another ending than the file has.
  const clean = cleanLine(last.replace(/\p{Cf}+/gu, ""));
  return cut(clean, longestFileName) || "recording";
}

/** The title that a person gave, or the file's name without its ending. */
export function titleOf({ title }: Pick<FileDetails, "title">, fileName: string): string {
  return title || fileName.replace(/(?<=.)\.[A-Za-z0-9]{1,5}$/, "");
}

/** Bytes that this person may still store, at most one file's. Refuses at once whoever has no room or no turn left. */
export async function allowUpload(deps: Pick<WebDeps, "prisma" | "env">, { userId }: Pick<Actor, "userId">) {
  const { prisma, env } = deps;
  const allowance = await consume(prisma, `upload:user:${userId}`, {
    burst: env.UPLOAD_RATE_PER_HOUR,
    perMinute: env.UPLOAD_RATE_PER_HOUR / 60,
  });
  if (!allowance.allowed) throw tooManyRequests(allowance.retryAfterSeconds);
  return roomFor(deps, userId);
}

/** The same for what this person has begun already. */
export async function roomFor({ prisma, env }: Pick<WebDeps, "prisma" | "env">, userId: string) {
  const left = env.USER_QUOTA_BYTES - (await bytesOwnedBy(prisma, userId));
  if (left <= 0) throw quotaExceeded(env.USER_QUOTA_BYTES);
  return {
    maxBytes: Math.min(left, env.MAX_UPLOAD_BYTES),
    /** The refusal of a file that is larger than `maxBytes`. */
    refusal: left < env.MAX_UPLOAD_BYTES ? quotaExceeded(env.USER_QUOTA_BYTES) : tooLarge(env.MAX_UPLOAD_BYTES),
  };
}

export const emptyFile = () =>
  new Problem(400, "empty_file", "The file is empty. Check the recording and upload it again.");

const inMegabytes = (bytes: number) => `${Math.max(1, Math.round(bytes / 1024 ** 2)).toLocaleString("en")} MB`;
const tooLarge = (limit: number) =>
  new Problem(413, "too_large", `The file is larger than this server allows (${inMegabytes(limit)}).`);
const quotaExceeded = (limit: number) =>
  new Problem(
    507,
    "quota_exceeded",
    `Your recordings fill the space you have (${inMegabytes(limit)}). Delete some first.`,
  );
