import { AudioLines, Bot, History, Podcast, Scissors, Sparkles } from "lucide-react";
import type { LucideIcon } from "lucide-react";
import { Link, href } from "react-router";
import { clock, plural } from "../ui/format.ts";
import { Progress } from "../ui/progress.tsx";
import { isOver, stageLabel } from "./run-labels.ts";
import { StatusBadge } from "./status-badge.tsx";
import { Time } from "../ui/time.tsx";

/** What a row shows. Lists get it from the database and patch it from the feed. */
export interface RunListItem {
  id: string;
  kind: string;
  conversationId: string | null;
  title: string;
  status: string;
  stage: string;
  percent: number;
  message: string;
  errorMessage: string | null;
  cancelRequested: boolean;
  createdAt: Date;
  durationSeconds: number | null;
  workspace: { id: string; name: string };
}

const icons: Record<string, LucideIcon> = {
  analysis: Sparkles,
  recorder: Bot,
  video: Podcast,
  backfill: History,
  cut: Scissors,
};

/** Runs as a list of links to what they work on. */
export function RunList({ runs, label }: { runs: readonly RunListItem[]; label: string }) {
  return (
    <ul aria-label={label} className="panel divide-y divide-line overflow-hidden">
      {runs.map((run) => (
        <li key={run.id}>
          <RunItem run={run} />
        </li>
      ))}
    </ul>
  );
}

// A bot's visit works on nothing that has a page yet.
const placeOf = ({ id, conversationId }: RunListItem) =>
  conversationId === null ? href("/runs/:id", { id }) : href("/recordings/:id", { id: conversationId });

const titleClass = "min-w-0 font-serif text-lg leading-snug font-semibold";

function RunItem({ run }: { run: RunListItem }) {
  const Icon = icons[run.kind] ?? AudioLines;
  return (
    <div className="relative flex gap-4 px-4 py-4 transition-colors hover:bg-sunken sm:px-5">
      <Icon size={20} aria-hidden="true" className="mt-0.5 hidden shrink-0 text-soft sm:block" />
      <div className="min-w-0 flex-1 space-y-1.5">
        <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
          <Link to={placeOf(run)} prefetch="intent" dir="auto" className={`${titleClass} after:absolute after:inset-0`}>
            {run.title}
          </Link>
          <StatusBadge status={run.status} cancelRequested={run.cancelRequested} />
        </div>
        {isOver(run.status) ? null : (
          <>
            <Progress
              percent={run.percent}
              label={`Progress of ${run.title}`}
              words={`${run.percent} percent, ${stageLabel(run.stage)}`}
            />
            <p className="flex justify-between gap-3 text-sm text-soft">
              <span className="truncate">{run.message}</span>
              <span className="figures">{run.percent} %</span>
            </p>
          </>
        )}
        {run.status === "failed" ? <p className="text-sm text-danger">{run.errorMessage}</p> : null}
        <p className="flex flex-wrap gap-x-3 text-sm text-soft">
          {run.kind === "analysis" ? <span>New reading</span> : null}
          {run.durationSeconds === null ? null : <span className="figures">{clock(run.durationSeconds)}</span>}
          <Time at={run.createdAt} />
          {run.workspace.name === "Personal" ? null : <span>{run.workspace.name}</span>}
        </p>
      </div>
    </div>
  );
}

/** "3 updates": rows that came while the list was read; they are shown when the reader asks. */
export function UpdatesChip({
  count,
  onShow,
  of = "recording",
}: {
  count: number;
  onShow: () => void;
  of?: "recording" | "meeting";
}) {
  if (count === 0) return null;
  return (
    <button
      type="button"
      onClick={onShow}
      className="animate-settle rounded-full bg-accent-wash px-4 py-1.5 text-sm font-medium text-accent-strong hover:underline"
    >
      Show {plural(count, `new ${of}`)}
    </button>
  );
}
