import { ShieldCheck } from "lucide-react";
import type { ListedAccount } from "#records/accounts/account-lists.ts";
import { focusHome, useKeptFocus } from "../ui/kept-focus.ts";
import { Time } from "../ui/time.tsx";
import { ChangeRole } from "./change-role.tsx";

interface Props {
  accounts: readonly ListedAccount[];
  actorId: string;
  /** Whether the server has one administrator and no other. */
  isOnlyOne: boolean;
}

/** The accounts of the server, each with the way to make it administrator or to take that back. */
export function AccountList({ accounts, actorId, isOnlyOne }: Props) {
  const kept = useKeptFocus<HTMLDivElement>();
  return (
    <div {...kept}>
      <ul aria-label="Accounts" {...focusHome} className="panel divide-y divide-line">
        {accounts.map((account) => (
          <li key={account.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-4 sm:px-5">
            <div className="min-w-0 flex-1 basis-56">
              <p className="flex flex-wrap items-baseline gap-x-3">
                <span className="min-w-0 font-medium break-words">
                  <bdi>{account.name}</bdi>
                  {account.id === actorId ? <span className="font-normal text-soft"> (you)</span> : null}
                </span>
                {account.role === "admin" ? <Administrator /> : null}
              </p>
              <p className="text-sm break-words text-soft">{account.email}</p>
              <p className="text-sm text-soft">
                made <Time at={account.createdAt} />
                {" · "}
                <Standing account={account} />
              </p>
            </div>
            <Change account={account} isSelf={account.id === actorId} isOnlyOne={isOnlyOne} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Administrator() {
  return (
    <span className="inline-flex items-center gap-1.5 self-center text-sm font-medium text-accent">
      <ShieldCheck size={15} aria-hidden="true" />
      Administrator
    </span>
  );
}

function Standing({ account: { state, lastSignInAt } }: { account: ListedAccount }) {
  if (state === "pending") return "not open yet: the link in the mail waits to be followed";
  if (state === "deleting") return "is being deleted";
  if (lastSignInAt === null) return "last sign-in not known";
  return (
    <>
      signed in <Time at={lastSignInAt} />
    </>
  );
}

function Change({ account, isSelf, isOnlyOne }: { account: ListedAccount; isSelf: boolean; isOnlyOne: boolean }) {
  const { role, state } = account;
  if (role === "admin" && isOnlyOne) return <span className="text-sm text-soft">the only administrator</span>;
  if (role === "user" && state !== "open") return null;
  return <ChangeRole account={account} isSelf={isSelf} />;
}
