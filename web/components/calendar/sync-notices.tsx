import { Link, href } from "react-router";
import type { CalendarView } from "#records/calendars/calendars.ts";
import { Notice } from "../ui/notice.tsx";
import { Time } from "../ui/time.tsx";

/** What is to be known of calendars whose events are missing or old. */
export function SyncNotices({ calendars }: { calendars: readonly CalendarView[] }) {
  const failing = calendars.filter(({ sync }) => sync.failingSince !== null);
  const first = calendars.filter(({ sync }) => sync.lastSyncAt === null && sync.failingSince === null);
  if (failing.length + first.length === 0) return null;
  return (
    <div className="mb-6 space-y-3">
      {failing.map(({ id, name, sync }) => (
        <Notice key={id} kind="warn">
          <p className="font-semibold">“{name}” cannot be read</p>
          <p>
            {sync.problem?.message} {sync.failingSince === null ? null : <Failing since={sync.failingSince} />}{" "}
            <Link to={href("/calendar/connections")} className="underline">
              Look at its connection
            </Link>
          </p>
        </Notice>
      ))}
      {first.map(({ id, name }) => (
        <Notice key={id} kind="info" role="status">
          “{name}” is being read for the first time. Its events appear here by themselves.
        </Notice>
      ))}
    </div>
  );
}

const Failing = ({ since }: { since: Date }) => (
  <>
    It first failed <Time at={since} />.
  </>
);
