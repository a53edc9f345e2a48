import { data, href, redirect } from "react-router";
import { z } from "zod";
import { isId } from "#domain/ids.ts";
import { textLimits } from "#domain/text.ts";
import { problemWithTime } from "#records/meetings/meeting-edits.ts";
import { agentChoices, meetingRowOf } from "#records/meetings/meeting-lists.ts";
import { createMeeting } from "#records/meetings/meetings.ts";
import { callProvider } from "../calls/call-provider.ts";
import type { Refusal } from "#records/outcome.ts";
import { refusalMessage } from "../pages/outcome.ts";
import { MeetingForm, usualName } from "../components/meetings/meeting-form.tsx";
import { NoMeetings } from "../components/meetings/no-meetings.tsx";
import { PageHeader } from "../components/ui/page-header.tsx";
import { actorContext, depsContext } from "../pages/context.ts";
import { formOf, mustParse } from "../pages/forms.ts";
import { parseMeetingForm } from "../pages/meetings/meeting-form.ts";
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

/** Empty: for no session of the plan; left out: for the next one. */
const SessionField = z.object({
  sessionName: z
    .string()
    .max(textLimits.title)
    .optional()
    .catch(undefined)
    .transform((name) => (name === "" ? null : name)),
});
/** A refusal beside the field that it is about. */
const problemsOf = (refusal: Refusal) => ({
  [refusal.reason === "time" ? "scheduledAt" : "agentId"]: refusalMessage(refusal) ?? "",
});
const refused = (problems: Record<string, string>) => data({ problems }, { status: 400 });

export async function action({ request, context }: Route.ActionArgs) {
  const { prisma, env } = context.get(depsContext);
  const userId = context.get(actorContext).id;
  const form = await formOf(request);
  const parsed = parseMeetingForm(form);
  if (!parsed.ok) return refused(parsed.problems);
  const { sessionName } = mustParse(SessionField, form);
  const { name, ...order } = parsed.value;
  const agent = (await agentChoices(prisma, userId)).find(({ id }) => id === order.agentId);
  if (agent === undefined) return refused(problemsOf({ reason: "agent_not_found" }));
  const problem = problemWithTime(order.scheduledAt);
  if (problem !== null) return refused(problemsOf({ reason: "time", message: problem }));
  const made = await createMeeting(prisma, {
    ...order,
    name: name || usualName(agent, sessionName === undefined ? agent.nextSession : sessionName),
    sessionName,
    userId,
    workspaceId: agent.workspace.id,
    provider: callProvider(env),
  });
  if (!made.ok) return refused(problemsOf(made));
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
