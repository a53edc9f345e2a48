import { useFetcher } from "react-router";
import type { BackfillView } from "#records/channels/backfills.ts";
import type { ChannelAnswer } from "../../pages/podcasts/channel-actions.ts";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { dayWords } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";
import { Progress } from "../ui/progress.tsx";

/** How far bringing in older videos is; of what stopped, why, and the way to go on. */
export function BackfillBanner({ backfill, canWrite }: { backfill: BackfillView; canWrite: boolean }) {
  const { id, since, status, percent, message, cancelRequested, error } = backfill;
  if (status === "failed" || status === "cancelled") return <Stopped backfill={backfill} canWrite={canWrite} />;
  if (status === "completed") return <Done backfill={backfill} />;
  return (
    <section aria-labelledby={`backfill-${id}`} className="panel space-y-3 p-4 sm:p-5">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h2 id={`backfill-${id}`} className="text-lg">
          Bringing in older videos since <Day of={since} />
        </h2>
        {canWrite && !cancelRequested ? (
          <Confirm
            trigger={<Button>Cancel</Button>}
            title="Bring in no more?"
            action="Bring in no more"
            decline="Let it go on"
            fields={{ intent: "cancelBackfill", backfillId: id }}
          >
            No more of the older videos are put in line. Those that are in line already go on, and the rest can be
            brought in later.
          </Confirm>
        ) : null}
      </div>
      <Progress
        percent={percent}
        label="How far older videos are brought in"
        words={`${percent} percent, ${message}`}
      />
      <p role="status" className="flex flex-wrap gap-x-4 gap-y-1 text-sm text-soft">
        <span>{message}</span>
        <Figures backfill={backfill} />
      </p>
      {error === null ? null : <p className="text-sm text-danger">{error}</p>}
    </section>
  );
}

// A day was asked for.
const Day = ({ of }: { of: Date }) => <time dateTime={of.toISOString().slice(0, 10)}>{dayWords(of)}</time>;

function Done({ backfill }: { backfill: BackfillView }) {
  return (
    <Notice kind="good" role="status">
      <p className="font-medium">
        The older videos since <Day of={backfill.since} /> are in
      </p>
      <p>
        <Figures backfill={backfill} />
      </p>
    </Notice>
  );
}

function Figures({ backfill: { totalFound, inLine, done, failed } }: { backfill: BackfillView }) {
  if (totalFound === null) return null;
  const words = [`${totalFound} found`, `${inLine} put in line`, `${done} done`];
  return <span className="figures">{[...words, ...(failed === 0 ? [] : [`${failed} failed`])].join(" · ")}</span>;
}

function Stopped({ backfill, canWrite }: { backfill: BackfillView; canWrite: boolean }) {
  const { id, since, status, error } = backfill;
  const fetcher = useFetcher<ChannelAnswer>();
  const hasFailed = status === "failed";
  return (
    <Notice kind={hasFailed ? "bad" : "info"}>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-56">
          <p className="font-medium">
            {hasFailed ? "Older videos could not be brought in" : "Bringing in older videos was stopped"}, since{" "}
            <Day of={since} />
          </p>
          {error === null ? null : <p>{error}</p>}
          <p>
            <Figures backfill={backfill} />
          </p>
        </div>
        {canWrite ? (
          <fetcher.Form method="post">
            <input type="hidden" name="intent" value="retryBackfill" />
            <input type="hidden" name="backfillId" value={id} />
            <Button type="submit" disabled={fetcher.state !== "idle"}>
              Go on<span className="sr-only"> bringing in older videos</span>
            </Button>
          </fetcher.Form>
        ) : null}
        {fetcher.data?.message ? (
          <p role="alert" className="basis-full">
            {fetcher.data.message}
          </p>
        ) : null}
      </div>
    </Notice>
  );
}
