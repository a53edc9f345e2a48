import { Form, Link, data, href, redirect } from "react-router";
import { acceptInvite, findInvite } from "#records/accounts/invites.ts";
import { actorOf, requireActor } from "../pages/actor.ts";
import { Button, buttonClass } from "../components/ui/button.tsx";
import { SignedOutLayout } from "../components/shell/signed-out-layout.tsx";
import { depsContext } from "../pages/context.ts";
import type { Route } from "./+types/invite.ts";

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const invite = await findInvite(context.get(depsContext).prisma, params.token);
  const actor = await actorOf({ request, context });
  if (invite === null) return data({ invite: null, name: null }, { status: 404 });
  return { invite: { workspace: invite.workspace.name, role: invite.role }, name: actor?.name ?? null };
}

export async function action({ request, context, params, url }: Route.ActionArgs) {
  const actor = await requireActor({ request, context, url });
  const { prisma } = context.get(depsContext);
  const workspaceId = await acceptInvite(prisma, { userId: actor.id, token: params.token });
  if (workspaceId === null) throw data("This link was used meanwhile, or has expired.", { status: 404 });
  return redirect(href("/workspaces/:id", { id: workspaceId }));
}

export default function Invite({ loaderData: { invite, name }, params }: Route.ComponentProps) {
  if (invite === null) {
    return (
      <SignedOutLayout title="This invite has ended" lead="Invite links work once and for two weeks.">
        <p className="text-soft">Ask whoever sent it for a new one.</p>
        <Link to="/" className={buttonClass("plain")}>
          Go to Convene
        </Link>
      </SignedOutLayout>
    );
  }
  const next = encodeURIComponent(href("/invite/:token", { token: params.token }));
  return (
    <SignedOutLayout title={`Join “${invite.workspace}”`} lead={`You are invited as ${invite.role}.`}>
      {name === null ? (
        <div className="flex flex-wrap gap-3">
          <Link to={`/sign-up?next=${next}`} className={buttonClass("primary")}>
            Create an account
          </Link>
          <Link to={`/sign-in?next=${next}`} className={buttonClass("plain")}>
            Sign in
          </Link>
        </div>
      ) : (
        <Form method="post" className="space-y-3">
          <p className="text-soft">You are signed in as {name}.</p>
          <Button look="primary" type="submit">
            Join the workspace
          </Button>
        </Form>
      )}
    </SignedOutLayout>
  );
}
