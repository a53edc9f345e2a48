import { ExternalLink } from "lucide-react";
import { Link, href } from "react-router";
import { countRuns, listAllRuns } from "#records/runs/run-lists.ts";
import { ListFilter, Pager } from "../components/ui/list-filter.tsx";
import { PageHeader } from "../components/ui/page-header.tsx";
import { stageLabel } from "../components/runs/run-labels.ts";
import { StatusBadge } from "../components/runs/status-badge.tsx";
import { Time } from "../components/ui/time.tsx";
import { depsContext } from "../pages/context.ts";
import { requireOperator } from "../pages/operator.ts";
import { listQueryOf } from "../pages/list-query.ts";
import type { Route } from "./+types/runs.ts";

export async function loader({ context, url }: Route.LoaderArgs) {
  requireOperator(context);
  const { prisma, env } = context.get(depsContext);
  const page = await listAllRuns(prisma, listQueryOf(url, 50));
  return { ...page, counts: await countRuns(prisma), temporalUi: env.TEMPORAL_UI_URL ?? null };
}

const heading = "px-4 py-2.5 text-left font-medium";

export default function Runs({ loaderData: { items, nextCursor, counts, temporalUi } }: Route.ComponentProps) {
  return (
    <div className="mx-auto max-w-6xl">
      <PageHeader title="Runs" lead="Everything this server works on, in every workspace.">
        {temporalUi === null ? null : (
          <a href={temporalUi} className="link inline-flex items-center gap-1.5 text-sm">
            Temporal UI <ExternalLink size={14} aria-hidden="true" />
          </a>
        )}
      </PageHeader>
      <ListFilter label="Search titles and words" counts={counts} />
      {items.length === 0 ? <p className="panel px-6 py-12 text-center text-soft">No run fits.</p> : null}
      <div className="panel overflow-x-auto" hidden={items.length === 0} tabIndex={0} role="region" aria-label="Runs">
        <table className="w-full text-sm">
          <thead className="border-b border-line text-soft">
            <tr>
              <th className={heading}>Run</th>
              <th className={heading}>State</th>
              <th className={heading}>Stage</th>
              <th className={heading}>Attempt</th>
              <th className={heading}>Owner</th>
              <th className={heading}>Began</th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {items.map((run) => (
              <tr key={run.id} className="hover:bg-sunken">
                <td className="max-w-72 px-4 py-3">
                  <Link to={href("/runs/:id", { id: run.id })} className="font-medium hover:underline">
                    {run.title}
                  </Link>
                  <span className="block text-soft">{run.kind}</span>
                </td>
                <td className="px-4 py-3 whitespace-nowrap">
                  <StatusBadge status={run.status} cancelRequested={run.cancelRequested} />
                </td>
                <td className="px-4 py-3 whitespace-nowrap">
                  {stageLabel(run.stage)} <span className="figures text-soft">{run.percent} %</span>
                </td>
                <td className="figures px-4 py-3">{run.attempt}</td>
                <td className="px-4 py-3 whitespace-nowrap">{run.owner ?? "former member"}</td>
                <td className="px-4 py-3 whitespace-nowrap text-soft">
                  <Time at={run.createdAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Pager nextCursor={nextCursor} />
    </div>
  );
}
