import { z } from "zod";
import { agentName, prose, textLimits } from "../text.ts";
import { BlueprintInput, SessionsInput } from "./plan.ts";

/** The voices of OpenAI's realtime models; the practice call speaks with the browser's own. */
export const voices = [
  "alloy",
  "ash",
  "ballad",
  "coral",
  "echo",
  "sage",
  "shimmer",
  "verse",
  "marin",
  "cedar",
] as const;

/** Most bytes of an agent as a form or as JSON: the largest plan, its sessions once more, and what stands beside them. */
export const largestAgentBody = 500_000;

export const agentFields = {
  name: agentName("Give the agent a name."),
  instructions: prose(textLimits.prompt),
  voice: z.enum(voices, "Choose one of the voices."),
  blueprint: BlueprintInput,
  sessions: SessionsInput,
};
