import { CalendarPlus } from "lucide-react";
import { href } from "react-router";
import { accountNames } from "#domain/calendar/account.ts";
import type { AccountProvider } from "#domain/calendar/account.ts";
import { buttonClass } from "../ui/button.tsx";

export interface AccountLink {
  id: string;
  provider: AccountProvider;
}

/** Where the consent to an account is given anew. */
export const connectPath = ({ provider, id }: AccountLink) =>
  `${href("/calendar/connect/:service", { service: provider })}?account=${id}`;

/** The providers whose calendars are connected by consent, if any is set up. */
export function ConnectAccount({ providers }: { providers: readonly AccountProvider[] }) {
  if (providers.length === 0) return null;
  return (
    <section aria-labelledby="connect-account" className="panel space-y-4 p-5 sm:p-6">
      <h2 id="connect-account" className="text-xl">
        Connect an account
      </h2>
      <p className="text-sm text-soft">
        You are asked there whether Convene may read your calendars. It cannot change them, and you choose which of them
        are read.
      </p>
      <div className="flex flex-wrap gap-3">
        {providers.map((provider) => (
          // Not by the pages' own navigation: it leads to another site.
          <a
            key={provider}
            href={href("/calendar/connect/:service", { service: provider })}
            className={buttonClass("primary")}
          >
            <CalendarPlus size={16} aria-hidden="true" /> Connect {accountNames[provider]}
          </a>
        ))}
      </div>
    </section>
  );
}
