import { z } from "zod";
import type { RemoteCalendar } from "#activities/clients/accounts/account-client.ts";
import { syncProblems } from "#domain/calendar/sync-problem.ts";
import { accountOf } from "#records/calendars/accounts.ts";
import { createCalendar } from "#records/calendars/calendars.ts";
import { textOf } from "../components/ui/form-text.ts";
import type { WebDeps } from "../deps.ts";
import { mustParse } from "../pages/forms.ts";
import { tooManyCalendars } from "./draft.ts";
import { writableWorkspace } from "./writable-workspace.ts";

type Account = NonNullable<Awaited<ReturnType<typeof accountOf>>>;

export interface Offer extends RemoteCalendar {
  isConnected: boolean;
}

/** The calendars of an account, as its provider lists them now; or why it does not. */
export async function offersOf(
  { accounts }: Pick<WebDeps, "accounts">,
  { id, connected }: Account,
  signal: AbortSignal,
): Promise<{ offers: Offer[]; problem: string | null }> {
  const found = await accounts.calendars(id, signal);
  if ("problem" in found) return { offers: [], problem: syncProblems[found.problem] };
  const offers = found.calendars.map((each) => ({ ...each, isConnected: connected.includes(each.id) }));
  const rank = ({ isPrimary }: Offer) => (isPrimary ? 0 : 1);
  return { offers: offers.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name)), problem: null };
}

const Fields = z.object({ workspaceId: z.string().max(64).optional() });

/** Connects the ticked calendars of an account. Gives back what is wrong; null: nothing. */
export async function connectChosen(
  { deps, userId, account }: { deps: WebDeps; userId: string; account: Account },
  form: FormData,
  signal: AbortSignal,
): Promise<string | null> {
  mustParse(Fields, form);
  const workspaceId = await writableWorkspace(deps, userId, textOf(form, "workspaceId"));
  const { offers, problem } = await offersOf(deps, account, signal);
  if (problem !== null) return problem;
  const ticked = new Set(form.getAll("calendar"));
  const chosen = offers.filter(({ id, isConnected }) => ticked.has(id) && !isConnected);
  if (chosen.length === 0) return "Choose at least one calendar.";
  for (const { id: remoteId, name, timeZone } of chosen) {
    const made = await createCalendar(deps, {
      kind: account.provider,
      name,
      url: null,
      content: null,
      addresses: [account.email],
      remote: { accountId: account.id, remoteId, timeZone },
      userId,
      workspaceId,
    });
    if (made === null) return tooManyCalendars;
  }
  return null;
}
