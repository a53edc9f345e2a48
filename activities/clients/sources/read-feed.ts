import { ApplicationFailure } from "@temporalio/common";
import type { SourceDescription } from "#domain/channels/source.ts";
import { createGate, maxConcurrentCompute } from "../concurrency-gate.ts";
import { runInThread } from "../run-in-thread.ts";
import type { FetchedFeed } from "./feed-fetch.ts";
import { SourceFailed } from "./source-failed.ts";

/** What a thread makes of an answer: a feed, a page that may name one, or nothing that can be used. */
export type FeedReading =
  | { type: "feed"; description: SourceDescription }
  | { type: "page"; feedUrl: string | null }
  | { type: "problem"; problem: "not_a_feed" | "damaged" | "hostile"; cause: string };

export type FeedRequest = Pick<FetchedFeed, "body" | "url" | "contentType">;

interface Options {
  /** As it was asked for: for the words of a failure. */
  address: string;
  deadlineMs: number;
  heapMb?: number;
  signal: AbortSignal;
}

// A stranger's feed may take all of its time: nobody's summary waits behind it.
const gate = createGate(maxConcurrentCompute);
const module = new URL("./read-feed-child.ts", import.meta.url);

/** Reads a stranger's feed in a thread that is ended when it takes too long or too much memory. */
export async function readFeed(
  { body, url, contentType }: FeedRequest,
  { address, deadlineMs, heapMb = 384, signal }: Options,
): Promise<Exclude<FeedReading, { type: "problem" }>> {
  signal.throwIfAborted();
  const input: FeedRequest = { body, url, contentType };
  const work = { module, input, name: "Reading the feed", deadlineMs, heapMb, gate };
  const reading = await runInThread<FeedReading>(work, { signal, onProgress: () => {} }).catch((error: unknown) => {
    throw error instanceof ApplicationFailure ? problemOf(error, address) : error;
  });
  if (reading.type === "problem") throw new SourceFailed(reading.problem, address, { cause: reading.cause });
  return reading;
}

function problemOf(error: ApplicationFailure, address: string): SourceFailed {
  const cause: (Error & { code?: string }) | undefined = error.cause;
  if (error.type === "stalled") return new SourceFailed("too_slow", address, { cause: error });
  const isLarge = cause?.code === "ERR_WORKER_OUT_OF_MEMORY";
  return new SourceFailed(isLarge ? "too_large" : "damaged", address, { cause: error });
}
