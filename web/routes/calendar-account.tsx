import { data, href, redirect } from "react-router";
import { accountNames } from "#domain/calendar/account.ts";
import { isId } from "#domain/ids.ts";
import { workspacesOf, writingRoles } from "#records/accounts/access.ts";
import { accountOf } from "#records/calendars/accounts.ts";
import { connectChosen, offersOf } from "../calendar/choose-calendars.ts";
import { ChooseCalendars } from "../components/calendar/choose-calendars.tsx";
import { CalendarTabs } from "../components/calendar/calendar-tabs.tsx";
import { Privacy } from "../components/calendar/no-calendars.tsx";
import { PageHeader } from "../components/ui/page-header.tsx";
import { actorContext, depsContext } from "../pages/context.ts";
import type { WebDeps } from "../deps.ts";
import { formOf } from "../pages/forms.ts";
import type { Route } from "./+types/calendar-account.ts";

async function mustFind({ prisma }: WebDeps, userId: string, id: string) {
  const account = isId(id) ? await accountOf(prisma, userId, id) : null;
  if (account === null) throw data("There is no such account, or it is not yours.", { status: 404 });
  return account;
}

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const deps = context.get(depsContext);
  const { id: userId } = context.get(actorContext);
  const account = await mustFind(deps, userId, params.id);
  const [offered, workspaces] = await Promise.all([
    offersOf(deps, account, request.signal),
    workspacesOf(deps.prisma, userId),
  ]);
  const { id, provider, email } = account;
  return { account: { id, provider, email }, ...offered, workspaces: workspaces.filter(mayWrite) };
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const deps = context.get(depsContext);
  const { id: userId } = context.get(actorContext);
  const account = await mustFind(deps, userId, params.id);
  const problem = await connectChosen({ deps, userId, account }, await formOf(request), request.signal);
  if (problem !== null) return data({ problem }, { status: 400 });
  return redirect(href("/calendar/connections"));
}

const mayWrite = ({ role }: { role: (typeof writingRoles)[number] | "viewer" }) => writingRoles.includes(role);

export default function CalendarAccount({ loaderData, actionData }: Route.ComponentProps) {
  const { account, ...shown } = loaderData;
  return (
    <div className="mx-auto max-w-4xl">
      <PageHeader
        title="Choose calendars"
        lead={`${accountNames[account.provider]} of ${account.email}: which of its calendars are to be read?`}
      />
      <CalendarTabs />
      <div className="space-y-6">
        <ChooseCalendars account={account} {...shown} problem={actionData?.problem ?? shown.problem} />
        <Privacy />
      </div>
    </div>
  );
}
