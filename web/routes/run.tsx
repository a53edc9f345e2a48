import { ExternalLink } from "lucide-react";
import type { ReactNode } from "react";
import { Link, data, useRevalidator } from "react-router";
import { conversationPath, isId } from "#domain/ids.ts";
import { workspaceTopic } from "#domain/live.ts";
import { isRunEvent } from "#domain/live.ts";
import type { LiveEvent } from "#domain/live.ts";
import { roleIn, writingRoles } from "#records/accounts/access.ts";
import { readAtOneInstant } from "#records/db.ts";
import type { PrismaClient } from "#records/db.ts";
import { headOf } from "#records/live/feed.ts";
import { runDetail } from "#records/runs/run-detail.ts";
import { recorderOfRun } from "#records/bot-visits/views.ts";
import { actOnVisit } from "../pages/bots/bot-actions.ts";
import { VisitPanel } from "../components/bots/visit-panel.tsx";
import { Feeds } from "../components/shell/feeds.tsx";
import { Notice } from "../components/ui/notice.tsx";
import { PageHeader } from "../components/ui/page-header.tsx";
import { spokenTime } from "../components/ui/format.ts";
import { stageLabel } from "../components/runs/run-labels.ts";
import { StatusBadge } from "../components/runs/status-badge.tsx";
import { Time } from "../components/ui/time.tsx";
import { actorContext, depsContext } from "../pages/context.ts";
import { formOf } from "../pages/forms.ts";
import type { Route } from "./+types/run.ts";

const unknown = () => data("There is no such run.", { status: 404 });

/** A run; of a bot's visit also where the bot stands, and the feed that tells of it. */
async function findRun(prisma: PrismaClient, userId: string, id: string) {
  return readAtOneInstant(prisma, async (tx) => {
    const run = await runDetail(tx, userId, id);
    if (run === null) return null;
    const visit = await recorderOfRun(tx, userId, id);
    const role = await roleIn(tx, userId, run.workspaceId);
    if (visit === null) return { run, visit, canRead: role !== null, canWrite: false, feeds: [] };
    const topic = workspaceTopic(run.workspaceId);
    const canWrite = role !== null && writingRoles.includes(role);
    return { run, visit, canRead: true, canWrite, feeds: [{ topic, seq: await headOf(tx, topic) }] };
  });
}

export async function loader({ context, params }: Route.LoaderArgs) {
  const { prisma, env } = context.get(depsContext);
  const found = isId(params.id) ? await findRun(prisma, context.get(actorContext).id, params.id) : null;
  if (found === null) throw unknown();
  const { run, ...visited } = found;
  const { conversation, ...rest } = run;
  const namespace = encodeURIComponent(env.TEMPORAL_NAMESPACE);
  const history = env.TEMPORAL_UI_URL
    ? `${env.TEMPORAL_UI_URL}/namespaces/${namespace}/workflows/${encodeURIComponent(run.workflowId)}`
    : null;
  return {
    ...rest,
    ...visited,
    about: conversation?.kind ?? null,
    fileName: conversation?.recording?.fileName ?? null,
    history,
  };
}

export async function action({ request, context, params }: Route.ActionArgs) {
  if (!isId(params.id)) throw unknown();
  const { prisma } = context.get(depsContext);
  const asker = { prisma, userId: context.get(actorContext).id, runId: params.id };
  const answer = await actOnVisit(asker, await formOf(request));
  return data(answer, { status: answer.message === null ? 200 : 409 });
}

export default function Run({ loaderData: run, actionData }: Route.ComponentProps) {
  const { revalidate } = useRevalidator();
  const onEvent = (event: LiveEvent) => {
    if (isRunEvent(event) && event.data.runId === run.id) void revalidate();
  };
  return (
    <div className="mx-auto max-w-4xl space-y-8">
      <Feeds feeds={run.feeds} onEvent={onEvent} />
      <PageHeader title={`Run of ${run.title}`} lead={<StatusBadge {...run} />}>
        <About run={run} />
        {run.history === null ? null : (
          <a href={run.history} className="link inline-flex items-center gap-1.5 text-sm">
            History in Temporal <ExternalLink size={14} aria-hidden="true" />
          </a>
        )}
      </PageHeader>
      {run.error === null ? null : (
        <Notice kind="bad">
          <p className="font-medium">{run.error.message}</p>
          <p>
            Stage “{stageLabel(run.error.stage)}”, attempt {run.error.attempt}, code{" "}
            <code className="font-mono">{run.error.code}</code>
          </p>
        </Notice>
      )}
      {run.warnings.map((warning) => (
        <Notice key={warning} kind="warn">
          {warning}
        </Notice>
      ))}
      {actionData?.message ? (
        <Notice kind="bad" role="alert">
          {actionData.message}
        </Notice>
      ) : null}
      {run.visit === null ? null : <VisitPanel visit={run.visit} stage={run.stage} canWrite={run.canWrite} />}
      <dl className="panel grid gap-x-8 gap-y-4 p-5 text-sm sm:grid-cols-2">
        <Fact name="Workflow">
          <code className="font-mono break-all">{run.workflowId}</code>
        </Fact>
        <Fact name="Workspace">{run.workspace.name}</Fact>
        <Fact name="Attempt">{run.attempt}</Fact>
        <Fact name="Progress">{run.percent} %</Fact>
        <Fact name="Asked for">
          <Time at={run.createdAt} />
        </Fact>
        <Fact name="Ended">{run.finishedAt === null ? "not yet" : <Time at={run.finishedAt} />}</Fact>
        <Fact name="Message">{run.message}</Fact>
        {run.fileName === null ? null : <Fact name="File">{run.fileName}</Fact>}
      </dl>
      {run.stages.length === 0 ? null : (
        <section aria-labelledby="stages" className="space-y-3">
          <h2 id="stages" className="text-xl">
            Stages
          </h2>
          <Timeline run={run} />
        </section>
      )}
    </div>
  );
}

type Shown = Route.ComponentProps["loaderData"];

/** The way to what the run works on. An operator sees every run, but what was said only in their own workspaces. */
function About({ run: { about, conversationId, canRead, workspace } }: { run: Shown }) {
  if (about === null || conversationId === null) return null;
  if (!canRead) {
    return (
      <p className="text-sm text-soft">
        Its {about} can be opened by members of “{workspace.name}” only.
      </p>
    );
  }
  return (
    <Link to={conversationPath(about, conversationId)} className="link text-sm">
      Open the {about}
    </Link>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-soft">{name}</dt>
      <dd className="font-medium">{children}</dd>
    </div>
  );
}

type StageRow = Shown["stages"][number];

/** Each stage as a bar on the run's own time, with its tries; the same figures stand in the table for everybody. */
function Timeline({ run }: { run: Shown }) {
  // A run that was cancelled leaves the stage that it was in as it stood; it ended with the run.
  const stages = run.stages.map((stage): StageRow => ({
    ...stage,
    status: stage.status === "active" && run.finishedAt !== null ? "stopped" : stage.status,
    finishedAt: stage.finishedAt ?? run.finishedAt,
  }));
  const begin = Math.min(...stages.map(({ startedAt }) => startedAt.getTime()));
  const end = Math.max(...stages.map((stage) => (stage.finishedAt ?? stage.startedAt).getTime()), begin + 1);
  const share = (at: number) => ((at - begin) / (end - begin)) * 100;
  return (
    <div className="panel overflow-x-auto" tabIndex={0} role="region" aria-label="Stages of the run">
      <table className="w-full text-sm">
        <thead className="border-b border-line text-left text-soft">
          <tr>
            <th className="px-4 py-2.5 font-medium">Stage</th>
            <th className="px-4 py-2.5 font-medium">State</th>
            <th className="px-4 py-2.5 font-medium">Tries</th>
            <th className="px-4 py-2.5 font-medium">Time</th>
            <th className="w-1/3 px-4 py-2.5 font-medium">When</th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {stages.map((stage) => {
            const [from, to] = [stage.startedAt.getTime(), (stage.finishedAt ?? stage.startedAt).getTime()];
            return (
              <tr key={stage.stage}>
                <td className="px-4 py-2.5">{stageLabel(stage.stage)}</td>
                <td className="px-4 py-2.5">{stage.status}</td>
                <td className="figures px-4 py-2.5">{stage.tries}</td>
                <td className="figures px-4 py-2.5 whitespace-nowrap">
                  {stage.finishedAt === null ? "…" : spokenTime((to - from) / 1000)}
                </td>
                <td className="px-4 py-2.5">
                  <div aria-hidden="true" className="h-2 min-w-32 rounded-full bg-sunken">
                    <div
                      className="h-2 min-w-1 rounded-full bg-accent"
                      style={{ marginLeft: `${share(from)}%`, width: `${share(to) - share(from)}%` }}
                    />
                  </div>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
