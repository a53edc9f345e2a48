import { data } from "react-router";
import { z } from "zod";
import { policyOf } from "#domain/calendar/policy.ts";
import type { Override } from "#domain/calendar/preferences.ts";
import { overrideEvent } from "#records/calendars/changes.ts";
import type { OverrideScope } from "#records/calendars/overrides.ts";
import type { WebDeps } from "../deps.ts";
import { mustParse } from "../pages/forms.ts";
import { OverrideInput } from "#domain/inputs/calendar.ts";

const Asked = OverrideInput.extend({ intent: z.literal("override") });

export interface OverrideAnswer {
  /** What was said, how many events are decided otherwise by it, and what undoes it; null where nothing was kept. */
  done: { scope: OverrideScope; value: Override; before: Override; changed: number } | null;
  problem: string | null;
}

export async function actOnEvent({ deps, userId, form }: { deps: WebDeps; userId: string; form: FormData }) {
  const { eventId, scope, override: value } = mustParse(Asked, form);
  const kept = await overrideEvent(deps.prisma, userId, { eventId, scope, value }, policyOf(deps.env));
  if (kept === null) {
    const problem = "This event is not there any more. Its calendar was read anew.";
    return data<OverrideAnswer>({ done: null, problem }, { status: 404 });
  }
  return data<OverrideAnswer>({ done: { scope, value, ...kept }, problem: null });
}
