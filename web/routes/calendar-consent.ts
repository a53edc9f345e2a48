import { data, href, redirect } from "react-router";
import { isAccountProvider } from "#domain/calendar/account.ts";
import { actorContext, depsContext } from "../pages/context.ts";
import type { Route } from "./+types/calendar-consent.ts";

/** Where a provider sends people back to; on from here at once, so that no code stays in an address. */
export async function loader({ context, params: { service: provider }, url }: Route.LoaderArgs) {
  if (!isAccountProvider(provider)) throw data("There is no such provider of calendars.", { status: 404 });
  const { id: ownerId, sessionId } = context.get(actorContext);
  const outcome = await context.get(depsContext).accounts.consented({ ownerId, sessionId, provider }, url.searchParams);
  if ("problem" in outcome) return redirect(`${href("/calendar/connections")}?consent=${outcome.problem}`);
  return redirect(href("/calendar/accounts/:id", { id: outcome.accountId }));
}
