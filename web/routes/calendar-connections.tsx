import { Link, href } from "react-router";
import { accountProvidersOf } from "#domain/calendar/account-settings.ts";
import { consentProblemOf, consentProblems } from "#domain/calendar/consent-problem.ts";
import { workspacesOf, writingRoles } from "#records/accounts/access.ts";
import { calendarsOf } from "#records/calendars/calendars.ts";
import { actOnCalendars } from "../calendar/connection-actions.ts";
import { CalendarList } from "../components/calendar/calendar-list.tsx";
import { CalendarTabs } from "../components/calendar/calendar-tabs.tsx";
import { ConnectAccount } from "../components/calendar/connect-account.tsx";
import { ConnectForm } from "../components/calendar/connect-form.tsx";
import { Privacy } from "../components/calendar/no-calendars.tsx";
import { Notice } from "../components/ui/notice.tsx";
import { PageHeader } from "../components/ui/page-header.tsx";
import { actorContext, depsContext } from "../pages/context.ts";
import { formOf } from "../pages/forms.ts";
import type { Route } from "./+types/calendar-connections.ts";

export async function loader({ context, url }: Route.LoaderArgs) {
  const { prisma, env } = context.get(depsContext);
  const { id } = context.get(actorContext);
  const [calendars, workspaces] = await Promise.all([calendarsOf(prisma, id), workspacesOf(prisma, id)]);
  return {
    calendars,
    homes: workspaces,
    workspaces: workspaces.filter(({ role }) => writingRoles.includes(role)),
    providers: accountProvidersOf(env),
    consent: consentProblemOf(url.searchParams.get("consent")),
  };
}

export async function action({ request, context }: Route.ActionArgs) {
  const deps = context.get(depsContext);
  return actOnCalendars({ deps, userId: context.get(actorContext).id, form: await formOf(request) });
}

export default function CalendarConnections({ loaderData }: Route.ComponentProps) {
  const { calendars, homes, workspaces, providers, consent } = loaderData;
  return (
    <div className="mx-auto max-w-4xl">
      <PageHeader title="Connections" lead="The calendars that your meetings come from." />
      <CalendarTabs />
      <div className="space-y-6">
        {consent === null ? null : (
          <Notice kind="bad" role="alert">
            {consentProblems[consent]}
          </Notice>
        )}
        {calendars.length === 0 ? null : <CalendarList calendars={calendars} workspaces={homes} />}
        <ConnectAccount providers={providers} />
        <ConnectForm workspaces={workspaces} />
        <Privacy />
        {calendars.length === 0 ? null : (
          <p className="text-sm">
            Next:{" "}
            <Link to={href("/calendar/rules")} className="link">
              say which meetings are to be recorded
            </Link>
            .
          </p>
        )}
      </div>
    </div>
  );
}
