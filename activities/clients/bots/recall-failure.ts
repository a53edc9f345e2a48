import type { ApplicationFailure } from "@temporalio/common";
import { failure } from "../child.ts";
import { waitOf } from "../retry-after.ts";
import { errorTextOf } from "./bot-api.ts";
import type { BotAnswer } from "./bot-api.ts";

/** Bots that are sent at once come from a pool; where it is empty it is filled within half a minute or two. */
const poolWaitMs = 30_000;

/**
 * Says in our codes what Recall refused. A key is good in its own region alone.
 * Sources: docs.recall.ai `reference/errors` and `docs/regions`.
 */
export function recallFailure({ status, headers, body }: BotAnswer): ApplicationFailure {
  const words = errorTextOf(body);
  const said = `Recall.ai ${status}${words === "" ? "" : `: ${words}`}`;
  const asked = headers.get("retry-after");
  if (status === 401) {
    return failure("bot_key_refused", `${said}; check RECALL_API_KEY, and that RECALL_BASE_URL is its region's`);
  }
  if (status === 429) return failure("bot_limit", said, waitOf(asked));
  if (status === 507) return failure("bot_limit", said, waitOf(asked, poolWaitMs));
  // The same request is being worked on.
  if (status === 409) return failure("bot_not_ready", said);
  // No credit, or stopped by its firewall: no try mends that.
  if (status === 400 || status === 402 || status === 403) return failure("bot_refused", said);
  return failure("bot_provider_unavailable", said);
}

/** Whether it knows no such bot: a 404 in its own words, not that of something on the way. */
export const isUnknownBot = ({ status, body }: BotAnswer): boolean =>
  status === 404 && typeof body === "object" && body !== null && "detail" in body;
