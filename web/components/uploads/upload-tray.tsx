import { ChevronDown, ChevronUp, X } from "lucide-react";
import { useEffect, useState } from "react";
import { href, useLocation } from "react-router";
import { isRunEvent } from "#domain/live.ts";
import type { LiveEvent, RunEventData } from "#domain/live.ts";
import { IconButton } from "../ui/button.tsx";
import { Feeds } from "../shell/feeds.tsx";
import { plural } from "../ui/format.ts";
import type { Head } from "../shell/live-state.ts";
import { TransferRow } from "./transfer-row.tsx";
import { isArrived } from "./uploader.ts";
import type { Transfer } from "./uploader.ts";
import { useUploader } from "./use-uploader.tsx";

/** How long it stands there that a recording is ready, or was there before. */
const readyMs = 8_000;

/** What a file can become. */
const becomes: readonly RunEventData["kind"][] = ["recording", "video"];

/**
 * The files on their way, on every page, out of the way; and then what becomes of them, until they are ready or one
 * looks at the recording itself. `feeds` are those of the person's workspaces.
 */
export function UploadTray({ feeds }: { feeds: readonly Head[] }) {
  const [{ transfers }, uploader] = useUploader();
  const [isOpen, setOpen] = useState(true);
  const [runs, setRuns] = useState<Readonly<Record<string, RunEventData>>>({});
  const { pathname } = useLocation();
  const onEvent = (event: LiveEvent) => {
    if (!isRunEvent(event)) return;
    const run = event.data;
    const { kind, conversationId } = run;
    if (becomes.includes(kind) && conversationId !== null) setRuns((known) => ({ ...known, [conversationId]: run }));
  };
  const begun = transfers.flatMap(({ state, conversationId }) => (state === "done" ? (conversationId ?? []) : []));
  // One that can be transcribed again as it was meant stays until somebody has seen it.
  const known = transfers.flatMap(({ state, conversationId, there }) =>
    state === "duplicate" && !there?.again ? (conversationId ?? []) : [],
  );
  const shown = begun.find((id) => href("/recordings/:id", { id }) === pathname);
  const ready = [...begun.filter((id) => runs[id]?.status === "completed"), ...known].join();
  useEffect(() => {
    if (shown !== undefined) uploader.dismiss(shown);
  }, [shown, uploader]);
  useEffect(() => {
    if (ready === "") return;
    const timer = setTimeout(() => ready.split(",").forEach((id) => uploader.dismiss(id)), readyMs);
    return () => clearTimeout(timer);
  }, [ready, uploader]);
  const going = transfers.filter((transfer) => !isArrived(transfer));
  return (
    <>
      <Feeds feeds={feeds} onEvent={onEvent} />
      {transfers.length === 0 ? null : (
        <section
          aria-label="Uploads"
          data-upload-tray
          className="panel fixed right-3 bottom-20 z-30 w-[min(22rem,calc(100vw-1.5rem))] animate-settle shadow-lift lg:right-5 lg:bottom-5"
        >
          <div className="flex items-center gap-1 py-1.5 pr-1.5 pl-4">
            <p role="status" className="flex-1 text-sm font-semibold">
              {titleOf(going)}
            </p>
            <IconButton label={isOpen ? "Fold up" : "Unfold"} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
              {isOpen ? <ChevronDown size={17} aria-hidden="true" /> : <ChevronUp size={17} aria-hidden="true" />}
            </IconButton>
            {going.length === 0 ? (
              <IconButton label="Dismiss" onClick={() => uploader.dismiss()}>
                <X size={17} aria-hidden="true" />
              </IconButton>
            ) : null}
          </div>
          {isOpen ? (
            <ul className="max-h-72 divide-y divide-line overflow-y-auto border-t border-line">
              {transfers.map((transfer) => (
                <li key={transfer.key} className="px-4 py-3">
                  <TransferRow
                    transfer={transfer}
                    run={runs[transfer.conversationId ?? ""] ?? null}
                    uploader={uploader}
                  />
                </li>
              ))}
            </ul>
          ) : null}
        </section>
      )}
    </>
  );
}

function titleOf(going: readonly Transfer[]): string {
  if (going.length === 0) return "Uploads finished";
  const isLost = going.some(({ state }) => state === "offline") && !going.some(({ state }) => state === "sending");
  return isLost ? "Waiting for the connection" : `Uploading ${plural(going.length, "file")}`;
}
