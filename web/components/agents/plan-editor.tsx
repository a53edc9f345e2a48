import { Plus } from "lucide-react";
import { useEffect, useReducer, useRef, useState } from "react";
import type { Blueprint, PlanSession } from "#domain/plan.ts";
import { Button } from "../ui/button.tsx";
import { plural } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";
import { changePlan, editedPlan, mostSessions, planOf } from "./plan-editing.ts";
import { PlanFile } from "./plan-file.tsx";
import { SessionEditor } from "./session-editor.tsx";

/**
 * The plan of sessions: added, removed and put in order by buttons, and by Alt with the arrow keys inside a field.
 * Submits `sessions` as JSON, and `blueprint` where a file was imported, for what else stands in it.
 */
export function PlanEditor({
  name,
  sessions,
  blueprint,
  problem,
}: {
  /** The agent's name, for the exported file's. */
  name: string;
  sessions: readonly PlanSession[];
  /** All that is stored of the plan, so that an export holds it. */
  blueprint: unknown;
  problem?: string | undefined;
}) {
  const [plan, change] = useReducer(changePlan, sessions, (given) => editedPlan(given));
  const [imported, setImported] = useState<Blueprint | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const { focus, sessions: edited } = plan;
  useEffect(() => {
    if (focus !== null) list.current?.querySelector<HTMLElement>(`[data-part="${focus.on}"]`)?.focus();
  }, [focus]);

  return (
    <section aria-labelledby="plan" className="space-y-4">
      <div className="flex flex-wrap items-end justify-between gap-3">
        <div>
          <h2 id="plan" className="text-2xl">
            Plan
          </h2>
          <p className="text-soft">
            {edited.length === 0
              ? "Without a plan every meeting stands for itself. With one, each meeting is one session of it."
              : `${plural(edited.length, "session")}, held one after the other.`}
          </p>
        </div>
        <PlanFile
          name={name}
          plan={() => ({ blueprint: imported ?? blueprint, sessions: planOf(plan) })}
          onImport={(given) => {
            setImported(given.blueprint);
            change({ type: "imported", sessions: given.sessions });
          }}
        />
      </div>
      {problem ? (
        <Notice kind="bad" role="alert">
          {problem}
        </Notice>
      ) : null}
      <input type="hidden" name="sessions" value={JSON.stringify(planOf(plan))} />
      {imported === null ? null : <input type="hidden" name="blueprint" value={JSON.stringify(imported)} />}
      <div ref={list} className="space-y-4">
        <ol className="space-y-4">
          {edited.map((session, place) => (
            <li key={session.key}>
              <SessionEditor session={session} place={place} count={edited.length} onChange={change} />
            </li>
          ))}
        </ol>
        <Button
          data-part="add-session"
          onClick={() => change({ type: "sessionAdded" })}
          disabled={edited.length >= mostSessions}
        >
          <Plus size={16} aria-hidden="true" /> Add a session
        </Button>
      </div>
      <p aria-live="polite" className="sr-only">
        {plan.said}
      </p>
    </section>
  );
}
