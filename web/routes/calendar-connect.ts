import { data, href, redirect } from "react-router";
import { isAccountProvider } from "#domain/calendar/account.ts";
import { isId } from "#domain/ids.ts";
import { actorContext, depsContext } from "../pages/context.ts";
import type { Route } from "./+types/calendar-connect.ts";

/** Sends a person to a provider, to let Convene read their calendars. `account`: the one that is to be reconnected. */
export async function loader({ context, params: { service: provider }, url }: Route.LoaderArgs) {
  if (!isAccountProvider(provider)) throw data("There is no such provider of calendars.", { status: 404 });
  const account = url.searchParams.get("account") ?? "";
  const { id: ownerId, sessionId } = context.get(actorContext);
  const { accounts } = context.get(depsContext);
  const to = await accounts.consentUrl({ ownerId, sessionId, provider }, isId(account) ? account : null);
  return redirect(to ?? `${href("/calendar/connections")}?consent=not_set_up`);
}
