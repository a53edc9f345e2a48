import { z } from "zod";
import type { AgentDraft } from "#records/agents.ts";
import { BlueprintInput, SessionsInput, withSessions } from "./components/agents/blueprint.ts";
import { voices } from "./components/agents/voices.ts";
import { parseForm } from "./forms.ts";
import type { Parsed } from "./forms.ts";

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: "custom", message: "The plan did not arrive whole. Load the page again." });
    return z.NEVER;
  }
});

const Fields = z.object({
  name: z
    .string()
    .trim()
    .min(1, "Give the agent a name.")
    .max(200, "Use 200 characters at most.")
    .transform((name) => name.replace(/\p{Cc}+/gu, " ")),
  instructions: z
    .string()
    .trim()
    .max(20_000, "Use 20,000 characters at most.")
    .transform((text) => text.replaceAll("\0", "")),
  voice: z.enum(voices, "Choose one of the voices."),
  sessions: json.pipe(SessionsInput),
  blueprint: json.pipe(BlueprintInput).optional(),
  workspaceId: z.string().optional(),
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
