import { condition, setHandler, sleep } from "@temporalio/workflow";
import { sourceOpened } from "./messages.ts";

/** How a run waits for a source that is closed for all. */
export interface SourceWait {
  /** The source is asked now: what was heard of it before does not count any more. */
  forget(): void;
  /** Until the time is over, or sooner, in this run's turn, where the source was tried again since it was asked. */
  wait(ms: number): Promise<void>;
}

export function listenForSource(): SourceWait {
  let turn: { inMs: number } | null = null;
  setHandler(sourceOpened, (told) => void (turn = told));
  return {
    forget: () => void (turn = null),
    async wait(ms) {
      await condition(() => turn !== null, ms);
      if (turn !== null && turn.inMs > 0) await sleep(turn.inMs);
    },
  };
}
