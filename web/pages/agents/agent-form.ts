import { z } from "zod";
import { agentFields } from "#domain/inputs/agent.ts";
import { withSessions } from "#domain/inputs/plan.ts";
import { key } from "#domain/text.ts";
import type { AgentDraft } from "#records/meetings/agents.ts";
import { parseForm } from "../forms.ts";
import type { Parsed } from "../forms.ts";

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: "custom", message: "The plan did not arrive whole. Load the page again." });
    return z.NEVER;
  }
});

const Fields = z.object({
  ...agentFields,
  sessions: json.pipe(agentFields.sessions),
  blueprint: json.pipe(agentFields.blueprint).optional(),
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
