import type { z } from "zod";
import { inertText } from "#domain/inert-text.ts";
import { cappedFetch } from "../capped-fetch.ts";
import { failure } from "../child.ts";
import { attendeeFailure } from "./attendee-failure.ts";
import type { AttendeeAnswer } from "./attendee-failure.ts";

export interface AttendeeAccount {
  apiKey: string;
  baseUrl: string;
  fetch?: typeof globalThis.fetch;
  /** For one request, to the last byte of its answer. */
  deadlineMs?: number;
}

interface Asked {
  signal: AbortSignal;
  query?: Record<string, string>;
  /** Makes it a POST. */
  body?: object;
}

/** Attendee's API under one key. What it refuses is an answer too; a failure is thrown where there was none to use. */
export function createAttendeeApi({ apiKey, baseUrl, fetch = cappedFetch, deadlineMs = 15_000 }: AttendeeAccount) {
  const root = `${baseUrl.replace(/\/+$/, "")}/api/v1`;
  const headers = { authorization: `Token ${apiKey}`, "content-type": "application/json", accept: "application/json" };

  return async function ask(path: string, { signal, query = {}, body }: Asked): Promise<AttendeeAnswer> {
    const url = new URL(`${root}${path}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const late = AbortSignal.timeout(deadlineMs);
    try {
      const response = await fetch(url, {
        method: body === undefined ? "GET" : "POST",
        headers,
        signal: AbortSignal.any([signal, late]),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, headers: response.headers, body: parsed(await response.text()) };
    } catch (error) {
      signal.throwIfAborted();
      const words = late.aborted ? `no answer within ${deadlineMs} ms` : causeOf(error);
      throw failure("bot_provider_unavailable", `Attendee: ${words}`);
    }
  };
}

/** A good answer, read; any other is thrown as what it means. */
export function read<Schema extends z.ZodType>(schema: Schema, answer: AttendeeAnswer): z.infer<Schema> {
  if (answer.status < 200 || answer.status > 299) throw attendeeFailure(answer);
  const result = schema.safeParse(answer.body);
  if (result.success) return result.data;
  const where = result.error.issues[0]?.path.join(".") ?? "";
  throw failure("bot_provider_unavailable", `Attendee ${answer.status}: an answer that cannot be read, at "${where}"`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

// `fetch failed` says nothing; what it was is its cause.
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return inertText(cause instanceof Error ? cause.message : String(cause), 200);
}
