import type { Scenario } from "../scenario.ts";
import { crowd } from "./crowd.ts";
import { endToEnd } from "./end-to-end.ts";
import { kill } from "./kill.ts";
import { leave } from "./leave.ts";
import { liveWords } from "./live-words.ts";
import { webhooks } from "./webhooks.ts";

/** Live meetings beside the reference design. Each scenario starts both designs anew, one after the other. */
export const meetingScenarios: Scenario[] = [webhooks, leave, liveWords, endToEnd, crowd, kill];
