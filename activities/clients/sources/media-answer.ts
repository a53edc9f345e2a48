import type { GuardedFetch } from "../guarded-fetch.ts";
import type { KeptPart } from "./kept-part.ts";

type Response = Pick<Awaited<ReturnType<GuardedFetch>>, "status" | "headers">;

/** Where the bytes of an answer belong, and what they are. */
interface MediaAnswer {
  from: number;
  /** Of the whole file; null where nobody says it. */
  total: number | null;
  validator: string | null;
  contentType: string | null;
}

/** What an answer to a request for a file, or for the rest of one, means (RFC 9110, 14). */
export function answerOf(response: Response, part: KeptPart | null): MediaAnswer | "anew" | "page" | "failed" {
  const { status, headers } = response;
  if (status === 206 || status === 416) return part === null ? "failed" : restOf(response, part);
  if (status !== 200 && status !== 203) return "failed";
  const contentType = headers.get("content-type");
  if (/^\s*(?:text\/html|application\/xhtml)/i.test(contentType ?? "")) return "page";
  // Of what was packed on its way, neither the length nor the validator belongs to what is kept here.
  const isPacked = !/^(?:identity)?$/i.test(headers.get("content-encoding") ?? "");
  const length = headers.get("content-length");
  return {
    from: 0,
    total: isPacked || length === null ? null : Number(length),
    validator: isPacked ? null : validatorOf(headers),
    contentType,
  };
}

function restOf({ status, headers }: Response, part: KeptPart): MediaAnswer | "anew" {
  const [, start, total] = /^bytes\s+(?:(\d+)-\d+|\*)\/(\d+|\*)$/i.exec(headers.get("content-range") ?? "") ?? [];
  const told = validatorOf(headers);
  const isSame = told === null || told === part.validator;
  const { bytes, validator, contentType } = part;
  // Nothing is left to send of a file that was whole already.
  const isWhole = status === 416 && Number(total) === bytes;
  if (!isSame || !(isWhole || (status === 206 && Number(start) === bytes))) return "anew";
  return { from: bytes, total: total === "*" ? null : Number(total), validator, contentType };
}

/** What tells a version of a file from others and may stand in If-Range: a weak tag does not. */
function validatorOf(headers: Response["headers"]): string | null {
  const etag = headers.get("etag");
  return etag !== null && /^"[^"]*"$/.test(etag) ? etag : headers.get("last-modified");
}
