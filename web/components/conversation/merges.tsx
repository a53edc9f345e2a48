import { useState } from "react";
import { useFetcher } from "react-router";
import { nameOf } from "#domain/transcript.ts";
import type { NamedSpeaker } from "#domain/transcript.ts";
import type { OpenMerge } from "#records/conversations/undo-merge.ts";
import type { ActionMessage } from "../../pages/outcome.ts";
import { Undoable } from "../ui/undoable.tsx";
import { useAnswer } from "../ui/use-answer.ts";

interface MergesProps {
  /** The newest first. */
  merges: readonly OpenMerge[];
  speakers: readonly NamedSpeaker[];
}

/** Who was merged into whom, each with the way back; the last one is said aloud as it comes. */
export function Merges({ merges, speakers }: MergesProps) {
  const fetcher = useFetcher<ActionMessage>();
  const [asked, setAsked] = useState<OpenMerge | null>(null);
  const [undone, setUndone] = useState<{ words: string; newest: string | undefined } | null>(null);
  const { problem } = useAnswer(fetcher, () => {
    if (asked === null) return;
    const [first, second] = namesIn(asked, speakers);
    const rest = merges.filter(({ id }) => id !== asked.id);
    setUndone({ words: `${first} and ${second} are two speakers again.`, newest: rest[0]?.id });
  });
  const undo = (merge: OpenMerge) => () => {
    setAsked(merge);
    setUndone(null);
    void fetcher.submit({ intent: "undoMerge", mergeId: merge.id }, { method: "post" });
  };
  const [last, ...earlier] = merges.map((merge) => {
    const [from, to] = namesIn(merge, speakers);
    return (
      <Undoable key={merge.id} onUndo={undo(merge)}>
        {from} was merged into {to}.
      </Undoable>
    );
  });
  return (
    <div className="space-y-1 text-sm">
      <div role="status" className="space-y-1 empty:hidden">
        {problem === null ? null : <p className="text-danger">{problem}</p>}
        {undone !== null && undone.newest === merges[0]?.id ? <p className="text-soft">{undone.words}</p> : null}
        {last}
      </div>
      {earlier.length === 0 ? null : (
        <details>
          <summary className="link inline-flex min-h-9 items-center">Earlier merges</summary>
          {earlier}
        </details>
      )}
    </div>
  );
}

/** What the two were called before. The target is called what it is now, unless that is what it got by the merge. */
function namesIn({ label, labelName, into, intoName }: OpenMerge, speakers: readonly NamedSpeaker[]) {
  const from = nameOf([{ label, displayName: labelName }], label);
  const now = nameOf(speakers, into);
  return [from, now === from ? nameOf([{ label: into, displayName: intoName }], into) : now];
}
