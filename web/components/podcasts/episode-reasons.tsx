import { CircleAlert, CircleCheck } from "lucide-react";
import type { EpisodeReview } from "#records/channels/review-page.ts";
import { Evidence } from "../conversation/evidence.tsx";
import type { Cite } from "../conversation/evidence.tsx";
import { clock } from "../ui/format.ts";
import { ReviewDeadline } from "./review-deadline.tsx";

type Judged = NonNullable<EpisodeReview["decision"]>;
type Reason = Judged["reasons"][number];

const percent = (share: number) => `${Math.round(share * 100)} %`;

/** What each reason is called, and how its value and threshold are said; null where its words say all. */
const shown: Record<Reason["name"], { title: string; figure: ((value: number) => string) | null }> = {
  one_clear_block: { title: "One clear block", figure: percent },
  length: { title: "Length", figure: clock },
  share_of_speech: { title: "Share of speech", figure: percent },
  sure_borders: { title: "Sure borders", figure: (value) => `${value}/4` },
  whole_file: { title: "Whole file", figure: null },
  language: { title: "Words understood", figure: percent },
};

interface EpisodeReasonsProps {
  review: EpisodeReview;
  cite: Cite;
  /** Plays the file from a place on, in seconds. */
  playFrom: (seconds: number) => void;
}

/** Why an episode is held, or what else was judged of it: each value beside what is wanted, and where it can be heard. */
export function EpisodeReasons({ review: { episode, decision, source }, cite, playFrom }: EpisodeReasonsProps) {
  const isHeld = episode.state === "held";
  return (
    <section aria-labelledby="reasons" className="space-y-3">
      <h2 id="reasons" className="text-2xl">
        {isHeld ? "Why it is held" : "What was judged"}
      </h2>
      {isHeld && episode.reason !== "" ? <p>{episode.reason}.</p> : null}
      <ReviewDeadline episode={episode} />
      {decision === null ? (
        <p className="text-soft">Nothing has judged it. Listen to it, and decide for yourself.</p>
      ) : (
        <>
          <ul aria-label="Reasons" className="panel divide-y divide-line">
            {decision.reasons.map((reason) => (
              <ReasonRow key={reason.name} reason={reason} cite={cite} />
            ))}
          </ul>
          <p className="text-sm text-soft">
            Confidence {percent(decision.confidence)}, that of the weakest reason. It rests on how the file is built.
          </p>
          {source === null ? null : <Borders decision={decision} playFrom={playFrom} />}
          {source?.voice ? (
            <p className="text-sm text-soft">The waveform is underlined where somebody speaks, by the sound alone.</p>
          ) : null}
        </>
      )}
    </section>
  );
}

function ReasonRow({ reason, cite }: { reason: Reason; cite: Cite }) {
  const { name, isMet, value, threshold, words, segmentIds } = reason;
  const { title, figure } = shown[name];
  const isHeard = segmentIds.some((id) => cite.segmentById.has(id));
  return (
    <li className="flex gap-3 px-4 py-3">
      {isMet ? (
        <CircleCheck size={18} aria-label="Speaks for it" className="mt-0.5 shrink-0 text-accent-strong" />
      ) : (
        <CircleAlert size={18} aria-label="Holds it back" className="mt-0.5 shrink-0 text-warn" />
      )}
      <div className="min-w-0 space-y-1">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-semibold">{title}</span>
          {figure === null ? null : (
            <span className="figures text-sm text-soft">
              {figure(value)}, wanted {figure(threshold)}
            </span>
          )}
        </p>
        <p className="text-sm text-soft">{words}</p>
        {isHeard ? (
          <p>
            <Evidence ids={segmentIds} {...cite} />
          </p>
        ) : null}
      </div>
    </li>
  );
}

function Borders({ decision: { startMs, endMs }, playFrom }: { decision: Judged; playFrom: (at: number) => void }) {
  const button = "figures rounded font-semibold text-accent-strong hover:underline";
  return (
    <p>
      The content goes from{" "}
      <button type="button" className={button} onClick={() => playFrom(startMs / 1000)}>
        <span className="sr-only">Play the file from </span>
        {clock(startMs / 1000)}
      </button>{" "}
      to{" "}
      <button type="button" className={button} onClick={() => playFrom(endMs / 1000)}>
        <span className="sr-only">Play the file from </span>
        {clock(endMs / 1000)}
      </button>{" "}
      of the file.
    </p>
  );
}
