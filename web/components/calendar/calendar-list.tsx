import { CircleCheck, CircleX, RefreshCw } from "lucide-react";
import type { ReactNode } from "react";
import { Link, href, useFetcher } from "react-router";
import { accountNames } from "#domain/calendar/account.ts";
import type { CalendarView } from "#records/calendars/calendars.ts";
import type { ConnectionAnswer } from "../../calendar/connection-actions.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { textOf } from "../ui/form-text.ts";
import { plural } from "../ui/format.ts";
import { Time } from "../ui/time.tsx";
import { describeSkipped } from "./calendar-labels.ts";
import { connectPath } from "./connect-account.tsx";
import { ChangeCalendar } from "./change-calendar.tsx";

type Account = NonNullable<CalendarView["account"]>;

interface ListProps {
  calendars: readonly CalendarView[];
  /** All that the person belongs to. */
  workspaces: readonly { id: string; name: string }[];
}

/** A person's calendars: how each is read, who sees its recordings, and what can be done with it. */
export function CalendarList({ calendars, workspaces }: ListProps) {
  // With one workspace there is nothing to tell apart.
  const named = workspaces.length < 2 ? [] : workspaces;
  return (
    <ul aria-label="Calendars" className="space-y-4">
      {calendars.map((calendar) => (
        <li key={calendar.id} className="panel flex flex-col gap-4 p-5 sm:p-6">
          <CalendarItem calendar={calendar} workspace={named.find(({ id }) => id === calendar.workspaceId)?.name} />
        </li>
      ))}
    </ul>
  );
}

function CalendarItem({ calendar, workspace }: { calendar: CalendarView; workspace: string | undefined }) {
  const { id, name, kind, host, account, included, addresses } = calendar;
  const fetcher = useFetcher<ConnectionAnswer>();
  const isBusy = fetcher.state !== "idle";
  const asked = textOf(fetcher.formData, "included");
  const isIncluded = asked === null ? included : asked === "true";
  const ask = (fields: Record<string, string>) => void fetcher.submit({ id, ...fields }, { method: "post" });
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
        <div className="min-w-0">
          <h2 className="text-xl break-words">{name}</h2>
          <p className="text-sm break-words text-soft">
            {account === null ? (kind === "file" ? "From a file" : host) : accountWords(account)}
            {othersOf(addresses, account).length === 0 ? "" : ` · you as ${othersOf(addresses, account).join(", ")}`}
          </p>
        </div>
        <SyncState sync={calendar.sync} />
      </div>
      <div className="space-y-1 text-sm">
        <SyncFacts calendar={calendar} />
        {workspace === undefined ? null : <p className="break-words text-soft">Recordings go to {workspace}</p>}
      </div>
      <label className="flex min-h-9 items-center gap-3 text-sm">
        <input
          type="checkbox"
          checked={isIncluded}
          onChange={({ target }) => ask({ intent: "include", included: String(target.checked) })}
          className="size-5 shrink-0 accent-accent"
        />
        My rules look at this calendar
      </label>
      <div className="flex flex-wrap gap-3">
        <Button onClick={() => ask({ intent: "sync" })}>
          <RefreshCw size={16} aria-hidden="true" /> Sync now<span className="sr-only">: {name}</span>
        </Button>
        {account === null ? null : <AccountActions account={account} name={name} />}
        <ChangeCalendar calendar={calendar} />
        <Confirm
          trigger={
            <Button look="danger">
              Disconnect<span className="sr-only"> {name}</span>
            </Button>
          }
          title={`Disconnect ${name}?`}
          action="Disconnect it"
          fields={{ intent: "disconnect", id }}
        >
          Its events and all that was decided about them are erased here. Recordings stay, and so does the calendar
          itself where it lives.
        </Confirm>
      </div>
      <p role="status" className="text-sm text-soft empty:hidden">
        {isBusy ? null : fetcher.data?.done}
      </p>
    </>
  );
}

const accountWords = ({ provider, email }: Account) => `${accountNames[provider]} of ${email}`;

/** The account's own address is said already. */
const othersOf = (addresses: readonly string[], account: Account | null) =>
  addresses.filter((address) => address !== account?.email);

function AccountActions({ account, name }: { account: Account; name: string }) {
  return account.needsConsent ? (
    <a href={connectPath(account)} className={buttonClass("primary")}>
      Reconnect<span className="sr-only"> {name}</span>
    </a>
  ) : (
    <Link to={href("/calendar/accounts/:id", { id: account.id })} className={buttonClass("plain")}>
      More of its calendars<span className="sr-only">: {accountWords(account)}</span>
    </Link>
  );
}

function SyncState({ sync }: { sync: CalendarView["sync"] }) {
  const props = { size: 15, "aria-hidden": true } as const;
  switch (sync.state) {
    case "waiting":
      return (
        <State
          icon={<RefreshCw {...props} className="animate-breathe" />}
          words="Waiting to be read"
          look="text-warn"
        />
      );
    case "running":
      return <State icon={<RefreshCw {...props} className="animate-breathe" />} words="Being read" look="text-warn" />;
    case "ok":
      return <State icon={<CircleCheck {...props} />} words="Up to date" look="text-accent" />;
    case "failed":
      return <State icon={<CircleX {...props} />} words="Cannot be read" look="text-danger" />;
    default:
      return sync.state satisfies never;
  }
}

const State = ({ icon, words, look }: { icon: ReactNode; words: string; look: string }) => (
  <span role="status" className={`inline-flex items-center gap-1.5 text-sm font-medium ${look}`}>
    {icon}
    {words}
  </span>
);

function SyncFacts({ calendar: { sync, upcoming, skipped } }: { calendar: CalendarView }) {
  return (
    <>
      {sync.problem === null ? null : (
        <p className="text-danger">
          {sync.problem.message}
          {sync.failingSince === null ? null : (
            <>
              {" "}
              First failed <Time at={sync.failingSince} />, {plural(sync.failures, "try", "tries")}.
            </>
          )}
        </p>
      )}
      <p className="flex flex-wrap gap-x-4 text-soft">
        <span>{plural(upcoming, "upcoming event")}</span>
        <span>
          {sync.lastSyncAt === null ? (
            "Not read yet"
          ) : (
            <>
              Last read <Time at={sync.lastSyncAt} />
            </>
          )}
        </span>
        {sync.nextSyncAt === null ? null : (
          <span>
            Next <Time at={sync.nextSyncAt} />
          </span>
        )}
      </p>
      {skipped.length === 0 ? null : (
        <p className="text-soft">Left out at the last reading: {skipped.map(describeSkipped).join(", ")}.</p>
      )}
    </>
  );
}
