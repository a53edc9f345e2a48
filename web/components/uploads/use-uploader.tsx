import { createContext, use, useEffect, useState, useSyncExternalStore } from "react";
import type { ReactNode } from "react";
import { createUploader, isUnderWay } from "./uploader.ts";
import type { Uploader, UploaderState } from "./uploader.ts";

const UploaderContext = createContext<Uploader | null>(null);

/** One uploader for all pages below, so that files keep going while people browse. */
export function UploaderProvider({ userId, children }: { userId: string; children: ReactNode }) {
  const [uploader] = useState(() => createUploader(userId));
  useEffect(() => void uploader.listUnfinished(), [uploader]);
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (uploader.getState().transfers.some(isUnderWay)) event.preventDefault();
    };
    addEventListener("beforeunload", ask);
    addEventListener("online", uploader.goOn);
    return () => {
      removeEventListener("beforeunload", ask);
      removeEventListener("online", uploader.goOn);
    };
  }, [uploader]);
  return <UploaderContext value={uploader}>{children}</UploaderContext>;
}

const nothing: UploaderState = { staged: [], transfers: [], unfinished: [] };

export function useUploader(): [UploaderState, Uploader] {
  const uploader = use(UploaderContext);
  if (uploader === null) throw new Error("useUploader needs an UploaderProvider above it");
  const state = useSyncExternalStore(uploader.subscribe, uploader.getState, () => nothing);
  return [state, uploader];
}
