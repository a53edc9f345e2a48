import { Bot, CircleCheck, CircleX } from "lucide-react";
import { Link, href } from "react-router";
import type { EventView } from "#records/calendars/events.ts";

const words = {
  scheduled: "A bot is scheduled",
  deployed: "The bot was sent",
  joining: "The bot is joining",
  in_call: "The bot is in the call",
  failed: "The bot failed",
  done: "Recorded by the bot",
} as const;

/** How an event's bot stands, with the way to its visit, or to what it recorded; nothing where there is none. */
export function BotMark({
  status,
  visit,
  recorderId,
  title,
}: Pick<EventView, "status" | "visit" | "recorderId" | "title">) {
  if (status === null || visit === null || recorderId === null) return null;
  const Icon = status === "failed" ? CircleX : status === "done" ? CircleCheck : Bot;
  const isDone = status === "done";
  return (
    <p
      className={`flex flex-wrap items-start gap-x-1.5 text-sm ${status === "failed" ? "text-danger" : "font-medium text-accent"}`}
    >
      <Icon size={15} aria-hidden="true" className="mt-0.75 shrink-0" />
      <span className="min-w-0 flex-1">
        {words[status]}
        {status === "failed" && visit.problem ? `: ${visit.problem}` : "."}{" "}
        <Link
          to={isDone ? href("/recordings/:id", { id: recorderId }) : href("/runs/:id", { id: visit.runId })}
          className="link font-normal"
        >
          {isDone ? "Open the recording" : "Details"}
          <span className="sr-only"> of {title}</span>
        </Link>
      </span>
    </p>
  );
}
