import { nameOf } from "#domain/transcript.ts";
import type { CallData } from "../../pages/meetings/meeting-data.ts";
import { voiceInk } from "../conversation/speaker-colors.ts";

/** The newest words of the call as they are stored, the last of them in sight. */
export function Captions({ captions, speakers }: Pick<CallData, "captions" | "speakers">) {
  return (
    <section aria-label="Captions" className="panel p-4">
      {/* Reversed, a box stays scrolled to its end by itself. Keys scroll it, too, so it takes the focus. */}
      <div tabIndex={0} role="log" aria-label="What is said" className="flex max-h-48 flex-col-reverse overflow-y-auto">
        <div className="space-y-2">
          {captions.length === 0 ? <p className="text-soft">What is said appears here.</p> : null}
          {captions.map(({ id, label, text }) => (
            <p key={id}>
              <span className={`font-semibold ${voiceInk(label)}`}>{nameOf(speakers, label)}:</span> {text}
            </p>
          ))}
        </div>
      </div>
    </section>
  );
}
