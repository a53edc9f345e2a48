import { z } from "zod";
import { agentName, key, prose, textLimits } from "#domain/text.ts";
import type { AgentDraft } from "#records/meetings/agents.ts";
import { BlueprintInput, SessionsInput, withSessions } from "../../components/agents/blueprint.ts";
import { voices } from "../../components/agents/voices.ts";
import { parseForm } from "../forms.ts";
import type { Parsed } from "../forms.ts";

/** Most bytes of an agent as a form or as JSON: the largest plan, its sessions once more, and what stands beside them. */
export const largestAgentBody = 500_000;

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: "custom", message: "The plan did not arrive whole. Load the page again." });
    return z.NEVER;
  }
});

const Fields = z.object({
  name: agentName("Give the agent a name."),
  instructions: prose(textLimits.prompt),
  voice: z.enum(voices, "Choose one of the voices."),
  sessions: json.pipe(SessionsInput),
  blueprint: json.pipe(BlueprintInput).optional(),
  workspaceId: key(64).optional(),
});

export type AgentFields = AgentDraft & { workspaceId: string | undefined };

/** An agent's form as a draft. `stored`: its blueprint so far, which stays but for its sessions unless one is imported. */
export function parseAgentForm(form: FormData, stored: unknown): Parsed<AgentFields> {
  const parsed = parseForm(Fields, form);
  if (!parsed.ok) return parsed;
  const { sessions, blueprint, ...rest } = parsed.value;
  const draft = { ...rest, workspaceId: rest.workspaceId, blueprint: withSessions(blueprint ?? stored, sessions) };
  return { ok: true, value: draft };
}
