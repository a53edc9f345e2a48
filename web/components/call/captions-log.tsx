import { ArrowDown } from "lucide-react";
import { memo, useEffect, useRef, useState } from "react";
import type { PracticeCaption } from "#domain/practice.ts";
import { Button } from "../ui/button.tsx";
import { voiceEdge, voiceInk } from "../conversation/speaker-colors.ts";

/** Closer to the end than this counts as being there. */
const nearEndPx = 48;

/**
 * What is said, as it is said. Words that are still changing stand apart from the log, so that screen readers tell
 * only what has been said.
 */
export function CaptionsLog({ captions }: { captions: readonly PracticeCaption[] }) {
  const box = useRef<HTMLDivElement>(null);
  const [isAtEnd, setAtEnd] = useState(true);
  const shown = captions.filter(({ text }) => text !== "");
  const colours = coloursOf(shown);
  // After every rendering: each may have brought words.
  useEffect(() => {
    if (isAtEnd) box.current?.scrollTo({ top: box.current.scrollHeight });
  });
  const row = (caption: PracticeCaption) => (
    <Row key={caption.itemId} caption={caption} colour={colours.get(speakerOf(caption)) ?? ""} />
  );
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={box}
        // Who cannot use a pointer scrolls it with the keys.
        tabIndex={0}
        role="group"
        aria-label="Captions"
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) =>
          setAtEnd(scrollHeight - scrollTop - clientHeight < nearEndPx)
        }
        className="h-full overflow-y-auto overscroll-contain px-4 py-3"
      >
        {shown.length === 0 ? (
          <p className="text-soft">What is said appears here, your words and the agent’s.</p>
        ) : null}
        <div role="log" aria-label="What has been said">
          <ol className="space-y-3">{shown.filter(({ final }) => final).map(row)}</ol>
        </div>
        <ol aria-hidden="true" className="mt-3 space-y-3">
          {shown.filter(({ final }) => !final).map(row)}
        </ol>
      </div>
      {isAtEnd ? null : (
        <Button
          look="primary"
          className="absolute bottom-3 left-1/2 -translate-x-1/2 shadow-lift"
          onClick={() => setAtEnd(true)}
        >
          <ArrowDown size={16} aria-hidden="true" /> Jump to live
        </Button>
      )}
    </div>
  );
}

const Row = memo(function Row({ caption, colour }: { caption: PracticeCaption; colour: string }) {
  const { name, text, final, interrupted } = caption;
  return (
    <li className={`border-l-3 pl-3 ${voiceEdge(colour)}`} data-caption={final ? "final" : "interim"}>
      <p className={`text-sm font-semibold ${voiceInk(colour)}`}>{name}</p>
      <p dir="auto" className={final ? "" : "text-soft italic"}>
        {text}
        {final ? "" : "…"}
        {interrupted ? <span className="text-sm text-soft"> — interrupted</span> : null}
      </p>
    </li>
  );
});

const speakerOf = ({ speaker, participantId }: PracticeCaption) => (speaker === "agent" ? "agent" : participantId);

/** The agent has the first colour, people those that follow, in the order in which they first spoke. */
function coloursOf(captions: readonly PracticeCaption[]): Map<string | null, string> {
  const colours = new Map<string | null, string>([["agent", "voice-1"]]);
  for (const caption of captions) {
    const speaker = speakerOf(caption);
    if (!colours.has(speaker)) colours.set(speaker, `voice-${colours.size + 1}`);
  }
  return colours;
}
