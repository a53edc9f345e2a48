import { Link, data, href, redirect } from "react-router";
import { z } from "zod";
import { hasAccounts } from "#records/accounts/users.ts";
import { actorOf } from "../pages/actor.ts";
import { callAuth } from "../pages/accounts/call-auth.ts";
import { CredentialsForm } from "../components/shell/credentials-form.tsx";
import { SignedOutLayout } from "../components/shell/signed-out-layout.tsx";
import { Notice } from "../components/ui/notice.tsx";
import { depsContext } from "../pages/context.ts";
import { formOf, parseForm, refusal, safePath } from "../pages/forms.ts";
import type { Route } from "./+types/sign-in.ts";

const SignIn = z.object({
  email: z.email("Enter the e-mail address of your account."),
  password: z.string().min(1, "Enter your password."),
});

export async function loader({ request, context, url }: Route.LoaderArgs) {
  const next = safePath(url.searchParams.get("next"));
  if ((await actorOf({ request, context })) !== null) throw redirect(next);
  const { prisma, env, auth } = context.get(depsContext);
  const isFirst = !(await hasAccounts(prisma));
  if (isFirst) throw redirect("/sign-up");
  return {
    next,
    signUpOpen: env.SIGN_UP === "open",
    opens: url.searchParams.has("open"),
    isDeleted: url.searchParams.has("deleted"),
    isChanged: url.searchParams.has("changed"),
    canReset: auth.passwordResets.isOn,
  };
}

export async function action({ request, context, url }: Route.ActionArgs) {
  const parsed = parseForm(SignIn, await formOf(request));
  if (!parsed.ok) return data(refusal(parsed.problems), { status: 400 });
  // From the mail after a sign-up: with the password it opens the account.
  const openingToken = /^[\w-]+$/.exec(url.searchParams.get("open") ?? "")?.[0];
  const answer = await callAuth({ request, context }, "/sign-in/email", parsed.value, { openingToken });
  if (!answer.ok) return data(refusal({}, answer.message), { status: answer.status });
  return redirect(safePath(url.searchParams.get("next")), { headers: answer.headers });
}

export default function SignInPage({ loaderData, actionData }: Route.ComponentProps) {
  return (
    <SignedOutLayout
      title={loaderData.opens ? "Open your account" : "Sign in"}
      lead={
        loaderData.opens
          ? "Your address and the password that you chose for it open it."
          : "Welcome back. Your recordings and their runs are where you left them."
      }
    >
      {loaderData.isChanged && actionData === undefined ? (
        <Notice kind="good" role="status">
          Your password is changed. Sign in with it.
        </Notice>
      ) : null}
      {loaderData.isDeleted && actionData === undefined ? (
        <Notice kind="good" role="status">
          Your account is deleted. What was yours alone is being removed now, which takes a while where there is much.
        </Notice>
      ) : null}
      <CredentialsForm
        answer={actionData}
        password={{ autoComplete: "current-password" }}
        submit={{ words: "Sign in", busyWords: "Signing in…" }}
      />
      {loaderData.canReset ? (
        <p className="text-sm">
          <Link className="link" to={href("/forgot-password")}>
            Forgot your password?
          </Link>
        </p>
      ) : (
        <p className="text-sm text-soft">
          Forgot your password? Whoever runs this server can hand you a link to a new one.
        </p>
      )}
      {loaderData.signUpOpen ? (
        <p className="text-sm text-soft">
          No account yet?{" "}
          <Link className="link" to={`/sign-up?next=${encodeURIComponent(loaderData.next)}`}>
            Create one
          </Link>
        </p>
      ) : (
        <p className="text-sm text-soft">New accounts need an invite link from someone who is already here.</p>
      )}
    </SignedOutLayout>
  );
}
