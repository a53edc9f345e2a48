import { runOfConversation } from "#records/runs/find-runs.ts";
import { notFound } from "../http/problem.ts";
import { requireWriter } from "./access.ts";
import type { RouteContext } from "./route.ts";

export type MeetingRequest = Pick<RouteContext<{ id: string }, unknown, unknown>, "deps" | "actor" | "params">;

interface AskedMeeting {
  runId: string;
  workspaceId: string;
  ownerId: string | null;
}

/** A meeting's run, for whoever may change it: 404 for those who may not see it, 403 for those who may only look. */
export async function requireMeeting(asked: MeetingRequest): Promise<AskedMeeting> {
  const { deps, actor, params } = asked;
  const run = await runOfConversation(deps.prisma, actor.userId, { id: params.id, kind: "meeting" });
  if (run === null) throw notFound();
  await requireWriter(asked, params.id);
  return { runId: run.id, workspaceId: run.workspaceId, ownerId: run.ownerId };
}
