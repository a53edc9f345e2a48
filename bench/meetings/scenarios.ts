import type { Scenario } from "../scenario.ts";
import { crowd } from "./crowd.ts";
import { endToEnd } from "./end-to-end.ts";
import { kill } from "./kill.ts";
import { leave } from "./leave.ts";
import { liveWords } from "./live-words.ts";
import { webhooks } from "./webhooks.ts";

/**
 * Live meetings beside the reference design. Each scenario starts both designs anew, one after the other, each on a
 * Postgres of its own with its real, durable settings. Sizes are such that all six take about a quarter of an hour: of
 * a meeting's some 30 steps, the embedded Temporal does a few dozen a second on two processors.
 */
export const meetingScenarios: Scenario[] = [webhooks, leave, liveWords, endToEnd, crowd, kill];
