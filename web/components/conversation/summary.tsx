import { Gavel, HelpCircle } from "lucide-react";
import type { RecordingData } from "../../pages/recordings/recording-data.ts";
import { Evidence } from "./evidence.tsx";
import type { Cite } from "./evidence.tsx";

type Analysis = NonNullable<RecordingData["analysis"]>;
type Bullet = Analysis["summary"]["bullets"][number];

/** The reading of the transcript: prose, then points, decisions and open questions with the words they rest on. */
export function Summary({ analysis, cite }: { analysis: Analysis; cite: Cite }) {
  const { text, bullets } = analysis.summary;
  const of = (kind: Bullet["kind"]) => bullets.filter((bullet) => bullet.kind === kind);
  return (
    <section aria-labelledby="summary" className="space-y-5">
      <h2 id="summary" className="text-2xl">
        Summary
      </h2>
      {text === "" ? null : (
        <p dir="auto" className="font-serif text-lg leading-relaxed">
          {text}
        </p>
      )}
      <Bullets bullets={of("point")} cite={cite} />
      {of("decision").length === 0 ? null : (
        <div className="space-y-2">
          <h3 className="flex items-center gap-2 font-semibold">
            <Gavel size={17} aria-hidden="true" className="text-soft" /> Decisions
          </h3>
          <Bullets bullets={of("decision")} cite={cite} />
        </div>
      )}
      {of("question").length === 0 ? null : (
        <div className="space-y-2">
          <h3 className="flex items-center gap-2 font-semibold">
            <HelpCircle size={17} aria-hidden="true" className="text-soft" /> Open questions
          </h3>
          <Bullets bullets={of("question")} cite={cite} />
        </div>
      )}
    </section>
  );
}

function Bullets({ bullets, cite }: { bullets: Bullet[]; cite: Cite }) {
  if (bullets.length === 0) return null;
  return (
    <ul className="space-y-3">
      {bullets.map((bullet) => (
        <li
          key={`${bullet.kind} ${bullet.text}`}
          className="relative pl-5 before:absolute before:top-[0.65em] before:left-0.5 before:size-1.5 before:rounded-full before:bg-accent"
        >
          {bullet.text} <Evidence ids={bullet.supported ? bullet.segmentIds : []} {...cite} />
        </li>
      ))}
    </ul>
  );
}
