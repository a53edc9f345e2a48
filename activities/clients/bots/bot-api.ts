import type { ApplicationFailure } from "@temporalio/common";
import type { z } from "zod";
import { inertText } from "#domain/inert-text.ts";
import { cappedFetch } from "../capped-fetch.ts";
import { failure } from "../child.ts";

/** What somebody has at a provider of bots. */
export interface BotAccount {
  apiKey: string;
  baseUrl: string;
  fetch?: typeof globalThis.fetch;
  /** For one request, to the last byte of its answer. */
  deadlineMs?: number;
}

/** What a provider answered; `body` is null where it was no JSON. */
export interface BotAnswer {
  status: number;
  headers: Headers;
  body: unknown;
}

interface Asked {
  signal: AbortSignal;
  query?: Record<string, string>;
  /** Makes it a POST. */
  body?: object;
  method?: "GET" | "POST" | "DELETE";
  headers?: Record<string, string>;
}

export interface BotApi {
  /** What is refused is an answer too; a failure is thrown where there was none to use. */
  ask(path: string, asked: Asked): Promise<BotAnswer>;
  /** A good answer, read; any other is thrown as what it means. */
  read<Schema extends z.ZodType>(schema: Schema, answer: BotAnswer): z.infer<Schema>;
}

interface Service {
  /** By which its failures are told. */
  name: string;
  /** Below the account's address. */
  root: string;
  headers: Record<string, string>;
  failureOf(answer: BotAnswer): ApplicationFailure;
}

/** The HTTP of a provider of bots, under one key. */
export function createBotApi(
  { baseUrl, fetch = cappedFetch, deadlineMs = 15_000 }: BotAccount,
  service: Service,
): BotApi {
  const { name, failureOf } = service;
  const root = `${baseUrl.replace(/\/+$/, "")}${service.root}`;
  const basic = { ...service.headers, "content-type": "application/json", accept: "application/json" };

  return {
    async ask(path, { signal, query = {}, body, method = body === undefined ? "GET" : "POST", headers = {} }) {
      const url = new URL(`${root}${path}`);
      for (const [field, value] of Object.entries(query)) url.searchParams.set(field, value);
      const late = AbortSignal.timeout(deadlineMs);
      try {
        const response = await fetch(url, {
          method,
          headers: { ...basic, ...headers },
          signal: AbortSignal.any([signal, late]),
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        return { status: response.status, headers: response.headers, body: parsed(await response.text()) };
      } catch (error) {
        signal.throwIfAborted();
        const words = late.aborted ? `no answer within ${deadlineMs} ms` : causeOf(error);
        throw failure("bot_provider_unavailable", `${name}: ${words}`);
      }
    },
    read(schema, answer) {
      if (answer.status < 200 || answer.status > 299) throw failureOf(answer);
      const result = schema.safeParse(answer.body);
      if (result.success) return result.data;
      const where = result.error.issues[0]?.path.join(".") ?? "";
      throw failure(
        "bot_provider_unavailable",
        `${name} ${answer.status}: an answer that cannot be read, at "${where}"`,
      );
    },
  };
}

/** A refusal's words, inert: `{"error": …}`, `{"detail": …}`, or a list of problems by field. */
export function errorTextOf(body: unknown): string {
  if (typeof body !== "object" || body === null) return "";
  const parts = Object.entries(body).map(([name, told]) => {
    const words = typeof told === "string" ? told : Array.isArray(told) ? told.join(" ") : JSON.stringify(told);
    return ["error", "detail", "non_field_errors"].includes(name) ? words : `${name}: ${words}`;
  });
  return inertText(parts.join("; "), 300);
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
