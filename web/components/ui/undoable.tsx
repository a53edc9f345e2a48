import { useId } from "react";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";

interface UndoableProps {
  /** What was done, in words. */
  children: ReactNode;
  /** Whether there is something to undo. */
  isDone?: boolean;
  onUndo: () => void;
}

/** What was done, with the way back. Stands within `role="status"` where it comes of an action, to be said aloud. */
export function Undoable({ children, isDone = true, onUndo }: UndoableProps) {
  const words = useId();
  return (
    <p className="flex flex-wrap items-center gap-x-3 text-soft">
      <span id={words}>{children}</span>
      {isDone ? (
        <Button look="quiet" className="-mx-2 min-h-8! px-2! py-0! underline" aria-describedby={words} onClick={onUndo}>
          Undo
        </Button>
      ) : null}
    </p>
  );
}
