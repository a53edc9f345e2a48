import { platformNames } from "#domain/calendar/event.ts";
import type { ReactNode } from "react";
import { Form, Link, href } from "react-router";
import { isBotDone } from "#domain/bot.ts";
import type { RecorderView } from "#records/bot-visits/views.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { LinkedText } from "../calendar/linked-text.tsx";
import { isOver } from "../runs/run-labels.ts";
import { Time } from "../ui/time.tsx";
import { StopBot } from "./stop-bot.tsx";

interface VisitPanelProps {
  visit: RecorderView;
  stage: string;
  canWrite: boolean;
}

/** A bot's visit to a meeting: how it stands and why, when it came and went, and what can be done about it. */
export function VisitPanel({ visit, stage, canWrite }: VisitPanelProps) {
  const { title, runId, status, stopping, bot, recordingId, canRetry } = visit;
  const canStop = canWrite && !stopping && !isOver(status) && status !== "processing";
  return (
    <section aria-labelledby="bot" className="panel space-y-4 p-5 sm:p-6">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div className="min-w-0">
          <h2 id="bot" className="text-xl">
            The bot
          </h2>
          <p role="status">{describeVisit(visit)}</p>
        </div>
        <div className="flex flex-wrap gap-3 empty:hidden">
          {recordingId === null ? null : (
            <Link to={href("/recordings/:id", { id: recordingId })} className={buttonClass("primary")}>
              Open the recording
            </Link>
          )}
          {canStop ? <StopBot runId={runId} title={title} stage={stage} /> : null}
          {canWrite && canRetry ? (
            <Form method="post">
              <Button look="primary" type="submit" name="intent" value="sendAgain">
                {stage === "collect" ? "Fetch the recording again" : "Send the bot again"}
              </Button>
            </Form>
          ) : null}
        </div>
      </div>
      <dl className="grid gap-x-8 gap-y-4 text-sm sm:grid-cols-2">
        <Fact name={platformNames[visit.platform]}>
          <LinkedText text={visit.meetingUrl} />
        </Fact>
        <Fact name={visit.endsAt === null ? "Sent by hand" : "By the calendar"}>
          <Time at={visit.startsAt} />
        </Fact>
        {bot?.joinedAt ? (
          <Fact name="Joined">
            <Time at={bot.joinedAt} />
          </Fact>
        ) : null}
        {bot === null && !isOver(status) ? (
          <Fact name="To be sent">
            <Time at={visit.joinAt} />
          </Fact>
        ) : null}
        {bot?.leftAt ? (
          <Fact name="Left">
            <Time at={bot.leftAt} />
          </Fact>
        ) : null}
        {bot?.erasedAt ? (
          <Fact name="Erased at the bot's provider">
            <Time at={bot.erasedAt} />
          </Fact>
        ) : null}
      </dl>
    </section>
  );
}

function describeVisit({ status, message, stopping, bot, recordingId }: RecorderView): string {
  if (recordingId !== null) return `The meeting was recorded. ${bot?.message ?? ""}`.trim();
  if (status === "processing") return message;
  if (stopping) return "The bot is leaving.";
  if (bot !== null && isBotDone(bot.state) && bot.message !== "") return bot.message;
  return status === "pending" ? "The bot waits to be sent." : message;
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-soft">{name}</dt>
      <dd className="font-medium break-words">{children}</dd>
    </div>
  );
}
