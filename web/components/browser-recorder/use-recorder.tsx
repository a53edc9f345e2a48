import { createContext, use, useEffect, useState, useSyncExternalStore } from "react";
import type { ReactNode } from "react";
import { createRecorder } from "./recorder.ts";
import type { Recorder } from "./recorder.ts";
import { idleState, isUnderWay } from "./recorder-state.ts";
import type { RecorderState } from "./recorder-state.ts";

const RecorderContext = createContext<Recorder | null>(null);

/** One recorder for all pages below, so that a recording goes on while people browse. */
export function RecorderProvider({ userId, children }: { userId: string; children: ReactNode }) {
  const [recorder] = useState(() => createRecorder(userId));
  useEffect(() => {
    recorder.open();
    return () => recorder.close();
  }, [recorder]);
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (isUnderWay(recorder.getState())) event.preventDefault();
    };
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [recorder]);
  return <RecorderContext value={recorder}>{children}</RecorderContext>;
}

export function useRecorder(): [RecorderState, Recorder] {
  const recorder = use(RecorderContext);
  if (recorder === null) throw new Error("useRecorder needs a RecorderProvider above it");
  const state = useSyncExternalStore(recorder.subscribe, recorder.getState, () => idleState);
  return [state, recorder];
}
