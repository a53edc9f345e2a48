import { data, href, redirect } from "react-router";
import { isId } from "#domain/ids.ts";
import { problemWithTime } from "#records/meeting-edits.ts";
import { agentChoices, meetingRowOf } from "#records/meeting-lists.ts";
import { createMeeting } from "#records/meetings.ts";
import { callProvider } from "../call-provider.ts";
import { MeetingForm, usualName } from "../components/meetings/meeting-form.tsx";
import { NoMeetings } from "../components/meetings/no-meetings.tsx";
import { PageHeader } from "../components/page-header.tsx";
import { actorContext, depsContext } from "../context.ts";
import { formOf } from "../forms.ts";
import { parseMeetingForm } from "../meeting-form.ts";
import type { Route } from "./+types/meeting-new.ts";

/** `agent` in the address: whom to meet. `for`: a meeting that is given another agent of its workspace. */
export async function loader({ context, url }: Route.LoaderArgs) {
  const { prisma } = context.get(depsContext);
  const userId = context.get(actorContext).id;
  const meetingId = url.searchParams.get("for");
  const meeting = meetingId !== null && isId(meetingId) ? await meetingRowOf(prisma, userId, meetingId) : null;
  const agents = await agentChoices(prisma, userId, meeting?.workspaceId);
  return { agents, chosen: url.searchParams.get("agent") };
}

const refused = (problems: Record<string, string>) => data({ problems }, { status: 400 });

export async function action({ request, context }: Route.ActionArgs) {
  const { prisma, env } = context.get(depsContext);
  const userId = context.get(actorContext).id;
  const parsed = parseMeetingForm(await formOf(request));
  if (!parsed.ok) return refused(parsed.problems);
  const { name, ...order } = parsed.value;
  const agent = (await agentChoices(prisma, userId)).find(({ id }) => id === order.agentId);
  if (agent === undefined) return refused({ agentId: "This agent is not there any more. Choose another." });
  const problem = problemWithTime(order.scheduledAt);
  if (problem !== null) return refused({ scheduledAt: problem });
  const made = await createMeeting(prisma, {
    ...order,
    name: name || usualName(agent),
    userId,
    workspaceId: agent.workspace.id,
    provider: callProvider(env),
  });
  if (!made.ok) return refused({ agentId: "This agent is not there any more. Choose another." });
  const { id } = made;
  throw redirect(order.scheduledAt === null ? href("/meetings/:id/call", { id }) : href("/meetings/:id", { id }));
}

export default function NewMeeting({ loaderData: { agents, chosen }, actionData }: Route.ComponentProps) {
  return (
    <div className="mx-auto max-w-3xl">
      <PageHeader title="New meeting" />
      {agents.length === 0 ? (
        <NoMeetings hasAgents={false} />
      ) : (
        <MeetingForm agents={agents} chosen={chosen} problems={actionData?.problems ?? {}} />
      )}
    </div>
  );
}
