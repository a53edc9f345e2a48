import { CircleAlert, CircleCheck, CircleHelp } from "lucide-react";
import type { Finding } from "../../calls/stream-self-test.ts";

const looks = {
  ok: { icon: CircleCheck, word: "ok", look: "text-accent" },
  problem: { icon: CircleAlert, word: "problem", look: "text-danger" },
  unknown: { icon: CircleHelp, word: "not known yet", look: "text-warn" },
} as const;

/** The lines of a self-test, each with the way out where something is wrong. */
export function Findings({ findings }: { findings: readonly Finding[] }) {
  const problems = findings.filter(({ state }) => state === "problem").length;
  return (
    <section aria-labelledby="self-test" className="panel mb-8 p-5 sm:p-6">
      <h2 id="self-test" role="status" className="text-xl">
        {problems === 0 ? "Nothing is wrong" : problems === 1 ? "One thing to mend" : `${problems} things to mend`}
      </h2>
      <dl className="mt-4 divide-y divide-line">
        {findings.map(({ part, state, text, wayOut }) => {
          const { icon: Icon, word, look } = looks[state];
          return (
            <div key={part} className="grid gap-x-4 gap-y-1 py-3 sm:grid-cols-[11rem_1fr]">
              <dt className="flex items-center gap-2 font-medium">
                <Icon size={18} aria-hidden="true" className={`shrink-0 ${look}`} />
                {part}
                <span className={`text-sm font-normal ${look}`}>{word}</span>
              </dt>
              <dd className="min-w-0 wrap-anywhere">
                <p>{text}</p>
                {wayOut === null ? null : <p className="mt-1 text-sm text-soft">{wayOut}</p>}
              </dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}
