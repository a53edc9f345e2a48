import { z } from "zod";
import { Blueprint, planSessions } from "../plan.ts";
import type { PlanSession } from "../plan.ts";
import { cleanJson } from "../text.ts";

export const mostBlueprintBytes = 200_000;
const deepest = 30;

const sameName = (sessions: readonly PlanSession[]): string | null => {
  const names = sessions.map(({ session_name }) => session_name);
  return names.find((name, place) => names.indexOf(name) !== place) ?? null;
};

/** Why a value that Postgres is to keep as JSON cannot be taken, in words; null where it can. */
function problemWithJson(value: unknown): string | null {
  if (isDeeper(value, deepest)) return `is nested more than ${deepest} deep`;
  const size = new TextEncoder().encode(JSON.stringify(value)).length;
  if (size > mostBlueprintBytes) return `has ${size} bytes; at most ${mostBlueprintBytes} are taken`;
  return null;
}

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return depth === 0 || Object.values(value).some((each) => isDeeper(each, depth - 1));
}

const tellSameName = (sessions: readonly PlanSession[], context: z.RefinementCtx, path: PropertyKey[] = []) => {
  const name = sameName(sessions);
  if (name !== null) context.addIssue({ code: "custom", path, message: `Two sessions are named “${name}”` });
};

/** A plan as it may be imported: `Blueprint`, of a size and form that can be kept. */
export const BlueprintInput = Blueprint.superRefine((blueprint, context) => {
  const message = problemWithJson(blueprint);
  if (message !== null) return context.addIssue({ code: "custom", message });
  tellSameName(planSessions(blueprint), context, ["sessions"]);
}).transform(cleanJson);

/** The sessions of a plan as edited; their names tell them apart. */
export const SessionsInput = Blueprint.shape.sessions
  .unwrap()
  .unwrap()
  .superRefine((sessions, context) => tellSameName(sessions, context));

/** A blueprint with other sessions; what else stands in it stays. */
export function withSessions(blueprint: unknown, sessions: PlanSession[]): Blueprint {
  const { conversations: _old, ...rest } = Blueprint.safeParse(blueprint).data ?? {};
  return { ...rest, sessions };
}

/** Text as a plan, or a sentence that says where it is wrong. */
export type Imported = { ok: true; blueprint: Blueprint; sessions: PlanSession[] } | { ok: false; problem: string };

export function importPlan(text: string): Imported {
  if (text.length > 2 * mostBlueprintBytes) return refused(`It is larger than ${mostBlueprintBytes / 1000} kB.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refused(`It is not JSON: ${error instanceof Error ? error.message : "it could not be read"}.`);
  }
  // A bare list of sessions is a plan too.
  const parsed = BlueprintInput.safeParse(Array.isArray(value) ? { sessions: value } : value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return refused(`${placeOf(issue?.path ?? [])}: ${issue?.message ?? "not a plan"}.`);
  }
  const sessions = planSessions(parsed.data);
  if (sessions.length > 0) return { ok: true, blueprint: parsed.data, sessions };
  return refused("It holds no sessions. Put them in a list named “sessions”, each with a session_name and goals.");
}

const refused = (problem: string): Imported => ({ ok: false, problem });

// ["sessions", 1, "goals", 0] → "sessions, item 2, goals, item 1": people count from one.
const placeOf = (path: readonly PropertyKey[]) =>
  path.map((part) => (typeof part === "number" ? `item ${part + 1}` : String(part))).join(", ") || "The plan";
