import type { FileDetails } from "#domain/inputs/recording.ts";
import { cleanLine, cut } from "#domain/text.ts";
import { consume } from "#records/accounts/rate-limit.ts";
import { roomLeft } from "#records/accounts/storage-quota.ts";
import type { Actor } from "../auth/auth.ts";
import type { WebDeps } from "../deps.ts";
import { Problem, tooManyRequests } from "../http/problem.ts";

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
  const limits = { fileBytes: env.MAX_UPLOAD_BYTES, ownerBytes: env.USER_QUOTA_BYTES };
  const maxBytes = await roomLeft(prisma, userId, limits);
  if (maxBytes <= 0) throw quotaExceeded(env.USER_QUOTA_BYTES);
  return {
    maxBytes,
    /** The refusal of a file that is larger than `maxBytes`. */
    refusal: maxBytes < env.MAX_UPLOAD_BYTES ? quotaExceeded(env.USER_QUOTA_BYTES) : tooLarge(env.MAX_UPLOAD_BYTES),
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
