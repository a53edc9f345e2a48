import type { ApplicationFailure } from "@temporalio/common";
import type { SourceProblem } from "#domain/channels/source-problem.ts";
import type { FailureCode } from "#domain/failure.ts";
import { failure } from "../child.ts";
import type { SourceFailed } from "./source-failed.ts";

const codes: Record<SourceProblem, FailureCode> = {
  refused: "source_refused",
  redirected: "source_refused",
  not_allowed: "source_refused",
  missing: "source_gone",
  gone: "source_gone",
  not_a_feed: "source_gone",
  not_a_channel: "source_gone",
  not_media: "source_gone",
  private: "source_refused",
  members_only: "source_refused",
  geo: "source_refused",
  age: "source_refused",
  unsupported: "source_refused",
  not_yet: "source_unavailable",
  bot_check: "source_unavailable",
  tool_missing: "download_tool_missing",
  needs_key: "source_refused",
  damaged: "source_unavailable",
  hostile: "source_refused",
  too_large: "too_large",
  too_slow: "source_refused",
  empty: "empty_file",
  rate_limited: "source_unavailable",
  server_error: "source_unavailable",
  unreachable: "source_unavailable",
  timed_out: "source_unavailable",
  broken: "source_unavailable",
};

/** How a run fails for which an item could not be fetched; it waits as long as the source's server asks for. */
export const mediaFailure = ({ problem, message, retryAfterMs }: SourceFailed): ApplicationFailure =>
  failure(codes[problem], message, retryAfterMs);
