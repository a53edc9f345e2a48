import { Brain, CircleAlert, CircleCheck } from "lucide-react";
import { useEffect, useEffectEvent, useState } from "react";
import type { ReactNode } from "react";
import { Link, href, useFetcher, useNavigate } from "react-router";
import { isWorthRetrying } from "#domain/failure.ts";
import { meetingViewOf } from "#domain/meeting-view.ts";
import { captionAt, elapsedSeconds } from "../../live-client/processing-schedule.ts";
import { useProcessing } from "../../live-client/processing-status.ts";
import type { ProcessedRun } from "../../live-client/processing-status.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { Progress } from "../ui/progress.tsx";
import { notHeardLabel } from "../runs/run-labels.ts";
import { useNow } from "../ui/time.tsx";

interface CallProcessingProps {
  meetingId: string;
  run: ProcessedRun;
  /** When the processing began; null while it has only been asked for. */
  since: Date | null;
  canRetry: boolean;
  /** Called where the result is to be shown; goes to the meeting's page unless given. */
  onDone?: () => void;
}

/** how long the good news stands before the result does. */
const redirectAfterMs = 1_500;

/** From the end of a call to its result: how far the work is, what came of it, and the way on where it failed. */
export function CallProcessing({ meetingId, run, since, canRetry, onDone }: CallProcessingProps) {
  const { state, percent, message, askAgain } = useProcessing(meetingId, run);
  const navigate = useNavigate();
  const finish = useEffectEvent(() =>
    onDone === undefined ? void navigate(href("/meetings/:id", { id: meetingId }), { replace: true }) : onDone(),
  );
  useEffect(() => {
    if (state !== "completed") return;
    const timer = setTimeout(() => finish(), redirectAfterMs);
    return () => clearTimeout(timer);
  }, [state]);
  const isUnheard = run.error?.code === "not_heard";
  switch (state) {
    case "processing":
      return (
        <AtWork percent={percent} since={since} meetingId={meetingId} hasEnded={meetingViewOf(run) === "processing"} />
      );
    case "completed":
      return (
        <Card icon={<CircleCheck size={40} aria-hidden="true" className="text-accent" />} title="It is ready">
          <p role="status">The result opens in a moment.</p>
        </Card>
      );
    case "failed":
      return (
        <Card
          icon={<CircleAlert size={40} aria-hidden="true" className="text-danger" />}
          title={isUnheard ? notHeardLabel : "This did not work"}
        >
          <p role="alert">{message || "Processing failed"}</p>
          {isUnheard ? null : <p className="text-sm text-soft">What was said in the call is kept.</p>}
          <div className="flex flex-wrap justify-center gap-3">
            {canRetry && (run.error === null || isWorthRetrying(run.error.code)) ? (
              <TryAgain meetingId={meetingId} runId={run.id} />
            ) : null}
            <BackToMeetings />
          </div>
        </Card>
      );
    case "unreachable":
      return (
        <Card icon={<CircleAlert size={40} aria-hidden="true" className="text-warn" />} title="No news for a while">
          <p role="alert">
            The server has not told for some minutes how far it is. The work goes on without this page, and whoever owns
            the meeting is notified.
          </p>
          <div className="flex flex-wrap justify-center gap-3">
            <Button look="primary" onClick={askAgain}>
              Ask again
            </Button>
            <BackToMeetings />
          </div>
        </Card>
      );
    default:
      return state satisfies never;
  }
}

/** From here on a person may think that nothing happens any more. */
const longSeconds = 30;

function AtWork({
  percent,
  since,
  meetingId,
  hasEnded,
}: {
  percent: number;
  since: Date | null;
  meetingId: string;
  /** False: the page was left, and the server has not heard of the call's end yet. */
  hasEnded: boolean;
}) {
  const now = useNow(1000);
  const [openedAt] = useState(() => new Date());
  const seconds = elapsedSeconds(since ?? openedAt, now);
  const caption = captionAt(percent);
  return (
    <Card icon={<ThinkingBrain />} title="Working on your meeting">
      <p aria-live="polite">{caption}</p>
      <div className="w-full space-y-2">
        <Progress label="Progress" percent={percent} words={`${Math.round(percent)} percent, ${caption}`} />
        <p className="figures flex justify-between text-sm text-soft">
          <span>{Math.round(percent)} %</span>
          <span>{seconds} s</span>
        </p>
      </div>
      <p className="text-sm text-soft">
        This usually takes 10–20 seconds. It is safe to close the page: the work goes on, and whoever owns the meeting
        is notified.
      </p>
      {hasEnded || seconds < longSeconds ? null : (
        <p className="text-sm">
          The call has not ended yet; somebody may still be in it.{" "}
          <Link to={href("/meetings/:id", { id: meetingId })} className="link">
            See how it stands
          </Link>
        </p>
      )}
    </Card>
  );
}

function ThinkingBrain() {
  const ring = "absolute inset-0 rounded-full border-2 border-accent opacity-40";
  return (
    <span className="relative grid size-20 place-items-center">
      <span aria-hidden="true" className={`${ring} animate-ping [animation-duration:2.4s]`} />
      <span aria-hidden="true" className={`${ring} animate-ping [animation-delay:1.2s] [animation-duration:2.4s]`} />
      <span className="grid size-16 place-items-center rounded-full bg-accent-wash text-accent-strong">
        <Brain size={32} aria-hidden="true" className="animate-breathe" />
      </span>
    </span>
  );
}

function Card({ icon, title, children }: { icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <section
      aria-labelledby="processing-title"
      className="panel mx-auto flex max-w-lg flex-col items-center gap-4 px-6 py-12 text-center sm:px-10"
    >
      {icon}
      <h2 id="processing-title" className="text-2xl">
        {title}
      </h2>
      {children}
    </section>
  );
}

/** A new attempt of the same run, from the stage that failed. */
function TryAgain({ meetingId, runId }: { meetingId: string; runId: string }) {
  const fetcher = useFetcher<{ message: string | null }>();
  return (
    <fetcher.Form method="post" action={href("/meetings/:id", { id: meetingId })} className="contents">
      <input type="hidden" name="intent" value="retry" />
      <input type="hidden" name="runId" value={runId} />
      {fetcher.data?.message ? <p role="alert">{fetcher.data.message}</p> : null}
      <Button look="primary" type="submit" disabled={fetcher.state !== "idle"}>
        Try again
      </Button>
    </fetcher.Form>
  );
}

function BackToMeetings() {
  return (
    <Link to={href("/meetings")} className={buttonClass("plain")}>
      Back to meetings
    </Link>
  );
}
