import { Form, Link, href, useNavigation } from "react-router";
import type { Offer } from "../../calendar/choose-calendars.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import { WorkspaceField } from "../workspace/workspace-field.tsx";
import { connectPath } from "./connect-account.tsx";
import type { AccountLink } from "./connect-account.tsx";

interface ChooseProps {
  account: AccountLink;
  offers: readonly Offer[];
  workspaces: readonly { id: string; name: string }[];
  problem: string | null;
}

/** Which calendars of an account are to be read. */
export function ChooseCalendars({ account, offers, workspaces, problem }: ChooseProps) {
  const isBusy = useNavigation().state !== "idle";
  const isFirst = offers.every(({ isConnected }) => !isConnected);
  const isAll = offers.every(({ isConnected }) => isConnected);
  return (
    <>
      {problem === null ? null : (
        <Notice kind="bad" role="alert">
          {problem}
        </Notice>
      )}
      {offers.length === 0 && problem === null ? (
        <Notice kind="info">This account has no calendar that it may read.</Notice>
      ) : null}
      {offers.length === 0 ? (
        <div className="flex flex-wrap gap-3">
          {/* Not by the pages' own navigation: it leads to another site. */}
          <a href={connectPath(account)} className={buttonClass("primary")}>
            Reconnect
          </a>
          <Link to={href("/calendar/connections")} className={buttonClass("plain")}>
            Back
          </Link>
        </div>
      ) : (
        <Form method="post" className="panel space-y-5 p-5 sm:p-6">
          <fieldset>
            <legend className="text-xl">Its calendars</legend>
            <ul className="mt-3">
              {offers.map(({ id, name, isPrimary, isConnected }) => (
                <li key={id}>
                  <label className="flex min-h-11 items-center gap-3">
                    <input
                      type="checkbox"
                      name="calendar"
                      value={id}
                      defaultChecked={isConnected || (isPrimary && isFirst)}
                      disabled={isConnected}
                      className="size-5 shrink-0 accent-accent"
                    />
                    <span className="min-w-0 break-words">{name}</span>
                    {isConnected ? <span className="text-sm text-soft">connected</span> : null}
                  </label>
                </li>
              ))}
            </ul>
          </fieldset>
          {isAll ? (
            <p className="text-sm text-soft">All of them are connected.</p>
          ) : (
            <WorkspaceField label="Recordings of their meetings go to" workspaces={workspaces} />
          )}
          <div className="flex flex-wrap gap-3">
            {isAll ? null : (
              <Button look="primary" type="submit" disabled={isBusy}>
                {isBusy ? "One moment…" : "Connect them"}
              </Button>
            )}
            <Link to={href("/calendar/connections")} className={buttonClass("plain")}>
              {isAll ? "To your connections" : "Not now"}
            </Link>
          </div>
        </Form>
      )}
    </>
  );
}
