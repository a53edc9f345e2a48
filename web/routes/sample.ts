import { data, href, redirect } from "react-router";
import { z } from "zod";
import { workspacesOf, writingRoles } from "#records/accounts/access.ts";
import { callProvider } from "../calls/call-provider.ts";
import { actorContext, depsContext } from "../pages/context.ts";
import { formOf } from "../pages/forms.ts";
import { openSampleCall } from "../sample/sample-call.ts";
import { openSample } from "../sample/sample.ts";
import type { Route } from "./+types/sample.ts";

const What = z.enum(["recording", "call"]).catch("recording");

/** Opens what there is to try: the recorded meeting, or a call with an agent. */
export async function action({ request, context }: Route.ActionArgs) {
  const deps = context.get(depsContext);
  const { id: userId } = context.get(actorContext);
  const what = What.parse((await formOf(request)).get("what"));
  const workspace = (await workspacesOf(deps.prisma, userId)).find(({ role }) => writingRoles.includes(role));
  if (workspace === undefined) throw data("Your role lets you read only.", { status: 403 });
  const owner = { userId, workspaceId: workspace.id };
  if (what === "recording") return redirect(href("/recordings/:id", { id: await openSample(deps, owner) }));
  const id = await openSampleCall(deps.prisma, { ...owner, provider: callProvider(deps.env) });
  return redirect(id === null ? href("/agents") : href("/meetings/:id/call", { id }));
}

export const loader = () => redirect("/");
