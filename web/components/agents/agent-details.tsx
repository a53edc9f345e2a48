import type { PlanSession } from "#domain/plan.ts";

/** An agent for those who may look at it and not change it. */
export function AgentDetails({
  agent: { instructions, voice, sessions },
}: {
  agent: { instructions: string; voice: string; sessions: readonly PlanSession[] };
}) {
  return (
    <div className="space-y-10">
      <dl className="panel space-y-4 p-5 text-sm sm:p-6">
        <div>
          <dt className="text-soft">Instructions</dt>
          <dd className="whitespace-pre-wrap">{instructions || "None"}</dd>
        </div>
        <div>
          <dt className="text-soft">Voice</dt>
          <dd>{voice}</dd>
        </div>
      </dl>
      <section aria-labelledby="plan" className="space-y-4">
        <h2 id="plan" className="text-2xl">
          Plan
        </h2>
        {sessions.length === 0 ? <p className="text-soft">There is no plan.</p> : null}
        <ol className="space-y-3">
          {sessions.map(({ session_name, goals }) => (
            <li key={session_name} className="panel p-5">
              <h3 className="font-medium">{session_name}</h3>
              <ul className="mt-2 list-disc space-y-1 pl-5 text-sm text-soft">
                {goals.map((goal) => (
                  <li key={goal}>{goal}</li>
                ))}
              </ul>
            </li>
          ))}
        </ol>
      </section>
    </div>
  );
}
