import { CircleAlert, CircleCheck, Pause, Play, X } from "lucide-react";
import { Link, href } from "react-router";
import type { RunEventData } from "#domain/live.ts";
import { IconButton } from "../ui/button.tsx";
import { bytes, spokenTime } from "../ui/format.ts";
import { Progress } from "../ui/progress.tsx";
import { isOver } from "../runs/run-labels.ts";
import { againOf, describeDuplicate } from "./duplicate.ts";
import { isArrived, isUnderWay } from "./uploader.ts";
import type { Transfer, Uploader } from "./uploader.ts";

interface TransferRowProps {
  transfer: Transfer;
  /** What the feed has told last of the run that it became; null while nothing. */
  run: RunEventData | null;
  uploader: Uploader;
}

/** A file on its way, with what can be done about it; once it has arrived, how its run stands. */
export function TransferRow({ transfer, run, uploader }: TransferRowProps) {
  const { key, name, size, sent, state, problem, conversationId } = transfer;
  const hasArrived = isArrived(transfer);
  const isBad = state === "failed" || (hasArrived && run?.status === "failed");
  return (
    <div className="space-y-1.5 text-sm">
      <div className="flex items-center gap-1">
        <p className="min-w-0 flex-1 truncate font-medium" title={name}>
          {name}
        </p>
        {hasArrived && conversationId !== null ? (
          <Link to={href("/recordings/:id", { id: conversationId })} className="link inline-flex min-h-9 items-center">
            Open<span className="sr-only"> {name}</span>
          </Link>
        ) : null}
        {isUnderWay(transfer) ? (
          <IconButton label={`Pause ${name}`} onClick={() => void uploader.pause(key)}>
            <Pause size={16} aria-hidden="true" />
          </IconButton>
        ) : null}
        {state === "paused" || state === "failed" ? (
          <IconButton label={`Resume ${name}`} onClick={() => uploader.resume(key)}>
            <Play size={16} aria-hidden="true" />
          </IconButton>
        ) : null}
        {hasArrived ? null : (
          <IconButton label={`Cancel ${name}`} onClick={() => void uploader.cancel(key)}>
            <X size={16} aria-hidden="true" />
          </IconButton>
        )}
      </div>
      {hasArrived ? null : (
        <Progress
          label={`Upload of ${name}`}
          percent={Math.floor((sent / size) * 100)}
          words={transferWords(transfer)}
        />
      )}
      {hasArrived && run !== null && !isOver(run.status) ? (
        <Progress label={`Progress of ${name}`} percent={run.percent} words={runWords(run)} />
      ) : null}
      <p className={`figures flex items-center gap-1.5 ${isBad ? "text-danger" : "text-soft"}`}>
        {hasArrived && !isBad ? <CircleCheck size={14} aria-hidden="true" className="shrink-0 text-accent" /> : null}
        {isBad ? <CircleAlert size={14} aria-hidden="true" className="shrink-0" /> : null}
        {problem ?? (state === "done" && run !== null ? runWords(run) : transferWords(transfer))}
      </p>
      <Again {...transfer} />
    </div>
  );
}

function runWords({ status, message, percent, error }: RunEventData): string {
  if (status === "completed") return "Ready";
  if (status === "cancelled") return "Cancelled";
  if (status === "failed") return error?.message ?? "Failed";
  return `${message}, ${percent} %`;
}

/** Leads to another transcript where the file is here already, and something else was said of it now. */
function Again({ conversationId, there }: Transfer) {
  if (conversationId === null || there === null || there.again === null) return null;
  const { to, words } = againOf(conversationId, there.again);
  return (
    <Link to={to} className="link inline-flex min-h-9 items-center">
      Transcribe again {words}
    </Link>
  );
}

function transferWords({ state, sent, size, bytesPerSecond, there }: Transfer): string {
  if (state === "done") return "Arrived whole. The run has begun.";
  if (state === "duplicate") return there === null ? "You have this recording already." : describeDuplicate(there);
  const part = `${bytes(sent)} of ${bytes(size)}`;
  if (state === "waiting") return "Waiting for its turn";
  if (state === "offline") return `No connection. It waits at ${part}, and goes on by itself.`;
  if (state === "paused") return `Paused at ${part}`;
  if (bytesPerSecond < 1) return part;
  return `${part}, ${bytes(bytesPerSecond)}/s, ${spokenTime((size - sent) / bytesPerSecond)} left`;
}
