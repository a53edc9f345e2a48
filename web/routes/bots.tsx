import { Link, useSearchParams } from "react-router";
import { botProviderOf } from "#domain/bot-settings.ts";
import { botReport } from "#records/bot-visits/report.ts";
import { BotStats } from "../components/bots/bot-stats.tsx";
import { NamedCounts } from "../components/bots/named-counts.tsx";
import { VisitsChart } from "../components/bots/visits-chart.tsx";
import { useRefresh } from "../components/inbox/use-refresh.ts";
import { Notice } from "../components/ui/notice.tsx";
import { PageHeader } from "../components/ui/page-header.tsx";
import { plural } from "../components/ui/format.ts";
import { depsContext } from "../pages/context.ts";
import { requireOperator } from "../pages/operator.ts";
import type { Route } from "./+types/bots.ts";

const periods = { "1": "24 hours", "7": "7 days", "30": "30 days" } as const;
const isPeriod = (text: string | null): text is keyof typeof periods => text !== null && Object.hasOwn(periods, text);

export async function loader({ context, url }: Route.LoaderArgs) {
  requireOperator(context);
  const { prisma, env } = context.get(depsContext);
  const asked = url.searchParams.get("days");
  const days = isPeriod(asked) ? asked : "7";
  return {
    days,
    report: await botReport(prisma, Number(days)),
    provider: botProviderOf(env),
    centsPerHour: env.BOT_CENTS_PER_HOUR,
  };
}

export default function Bots({ loaderData: { days, report, provider, centsPerHour } }: Route.ComponentProps) {
  useRefresh(true, 10_000);
  const { overdue } = report.now;
  const { failing } = report.calendars;
  return (
    <div className="mx-auto max-w-6xl">
      <PageHeader title="Bots" lead="How meetings are joined and recorded, over all workspaces.">
        <Periods chosen={days} />
      </PageHeader>
      <div className="mb-6 space-y-3 empty:hidden">
        {provider === null ? (
          <Notice kind="info">
            No provider of bots has a key on this server, so none is sent. Decisions and reminders are made all the
            same.
          </Notice>
        ) : null}
        {overdue === 0 ? null : (
          <Notice kind="warn">
            {plural(overdue, "bot")} should have been sent and {overdue === 1 ? "was" : "were"} not. Does the provider
            answer, and does a worker run?
          </Notice>
        )}
        {failing === 0 ? null : (
          <Notice kind="warn">
            {plural(failing, "calendar")} of {report.calendars.all} cannot be read just now.
          </Notice>
        )}
      </div>
      <BotStats report={report} centsPerHour={centsPerHour} />
      <VisitsChart days={report.days} />
      <div className="grid gap-6 lg:grid-cols-2">
        <NamedCounts title="Why visits failed" none="None has failed." rows={report.reasons} />
        <NamedCounts
          title="By provider"
          none="No bot was sent."
          rows={report.providers.map(({ provider: reason, visits: count, failed, hours }) => ({
            reason: `${reason}: ${failed} failed, ${hours.toFixed(1)} h in meetings`,
            count,
          }))}
        />
      </div>
    </div>
  );
}

function Periods({ chosen }: { chosen: string }) {
  const [params] = useSearchParams();
  return (
    <ul aria-label="Period" className="flex flex-wrap gap-1">
      {Object.entries(periods).map(([days, words]) => (
        <li key={days}>
          <Link
            to={`?${new URLSearchParams({ ...Object.fromEntries(params), days })}`}
            aria-current={chosen === days ? "true" : undefined}
            className="inline-flex min-h-11 items-center rounded-full px-3 text-sm text-soft hover:bg-sunken aria-[current]:bg-accent-wash aria-[current]:font-semibold aria-[current]:text-accent-strong"
          >
            {words}
          </Link>
        </li>
      ))}
    </ul>
  );
}
