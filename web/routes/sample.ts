import { data, href, redirect } from "react-router";
import { workspacesOf, writingRoles } from "#records/access.ts";
import { actorContext, depsContext } from "../context.ts";
import { openSample } from "../sample.ts";
import type { Route } from "./+types/sample.ts";

export async function action({ context }: Route.ActionArgs) {
  const deps = context.get(depsContext);
  const { id: userId } = context.get(actorContext);
  const workspace = (await workspacesOf(deps.prisma, userId)).find(({ role }) => writingRoles.includes(role));
  if (workspace === undefined) throw data("Your role lets you read only.", { status: 403 });
  const id = await openSample(deps, { userId, workspaceId: workspace.id });
  return redirect(href("/recordings/:id", { id }));
}

export const loader = () => redirect("/");
