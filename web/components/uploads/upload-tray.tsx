import { ChevronDown, ChevronUp, CircleAlert, CircleCheck, Pause, Play, X } from "lucide-react";
import { useState } from "react";
import { Link, href } from "react-router";
import { IconButton } from "../button.tsx";
import { bytes, plural, spokenTime } from "../format.ts";
import { Progress } from "../progress.tsx";
import type { Transfer, Uploader } from "./uploader.ts";
import { useUploader } from "./use-uploader.tsx";

/** The files on their way, on every page, out of the way. */
export function UploadTray() {
  const [{ transfers }, uploader] = useUploader();
  const [isOpen, setOpen] = useState(true);
  if (transfers.length === 0) return null;
  const going = transfers.filter(({ state }) => state !== "done" && state !== "duplicate");
  const title = going.length === 0 ? "Uploads finished" : `Uploading ${plural(going.length, "file")}`;
  return (
    <section
      aria-label="Uploads"
      className="panel fixed right-3 bottom-20 z-30 w-[min(22rem,calc(100vw-1.5rem))] animate-settle shadow-lift lg:right-5 lg:bottom-5"
    >
      <div className="flex items-center gap-1 py-1.5 pr-1.5 pl-4">
        <p role="status" className="flex-1 text-sm font-semibold">
          {title}
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
              <TransferRow transfer={transfer} uploader={uploader} />
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}

function TransferRow({ transfer, uploader }: { transfer: Transfer; uploader: Uploader }) {
  const { key, name, size, sent, state, problem, conversationId } = transfer;
  const percent = Math.floor((sent / size) * 100);
  const isOver = state === "done" || state === "duplicate";
  return (
    <div className="space-y-1.5 text-sm">
      <div className="flex items-center gap-1">
        <p className="min-w-0 flex-1 truncate font-medium" title={name}>
          {name}
        </p>
        {isOver && conversationId !== null ? (
          <Link to={href("/recordings/:id", { id: conversationId })} className="link inline-flex min-h-9 items-center">
            Open<span className="sr-only"> {name}</span>
          </Link>
        ) : null}
        {state === "sending" || state === "waiting" ? (
          <IconButton label={`Pause ${name}`} onClick={() => void uploader.pause(key)}>
            <Pause size={16} aria-hidden="true" />
          </IconButton>
        ) : null}
        {state === "paused" || state === "failed" ? (
          <IconButton label={`Resume ${name}`} onClick={() => uploader.resume(key)}>
            <Play size={16} aria-hidden="true" />
          </IconButton>
        ) : null}
        {isOver ? null : (
          <IconButton label={`Cancel ${name}`} onClick={() => void uploader.cancel(key)}>
            <X size={16} aria-hidden="true" />
          </IconButton>
        )}
      </div>
      {isOver ? null : <Progress label={`Upload of ${name}`} percent={percent} words={wordsOf(transfer)} />}
      <p className={`figures flex items-center gap-1.5 ${state === "failed" ? "text-danger" : "text-soft"}`}>
        {isOver ? <CircleCheck size={14} aria-hidden="true" className="text-accent" /> : null}
        {state === "failed" ? <CircleAlert size={14} aria-hidden="true" className="shrink-0" /> : null}
        {problem ?? wordsOf(transfer)}
      </p>
    </div>
  );
}

function wordsOf({ state, sent, size, bytesPerSecond }: Transfer): string {
  if (state === "done") return "Arrived whole. The run has begun.";
  if (state === "duplicate") return "You have this recording already.";
  const part = `${bytes(sent)} of ${bytes(size)}`;
  if (state === "waiting") return "Waiting for its turn";
  if (state === "paused") return `Paused at ${part}`;
  if (bytesPerSecond < 1) return part;
  return `${part}, ${bytes(bytesPerSecond)}/s, ${spokenTime((size - sent) / bytesPerSecond)} left`;
}
