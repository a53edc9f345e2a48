import { Link, data, redirect } from "react-router";
import { z } from "zod";
import { newPassword, personName } from "#domain/inputs/account.ts";
import { hasAccounts } from "#records/accounts/users.ts";
import { actorOf } from "../pages/actor.ts";
import { callAuth } from "../pages/accounts/call-auth.ts";
import { CredentialsForm } from "../components/shell/credentials-form.tsx";
import { SignedOutLayout } from "../components/shell/signed-out-layout.tsx";
import { Field } from "../components/ui/field.tsx";
import { depsContext } from "../pages/context.ts";
import { formOf, parseForm, refusal, safePath } from "../pages/forms.ts";
import type { Route } from "./+types/sign-up.ts";

const SignUp = z.object({
  name: personName(),
  email: z.email("Enter an e-mail address, such as ada@example.org."),
  password: newPassword(),
});

export async function loader({ request, context, url }: Route.LoaderArgs) {
  const next = safePath(url.searchParams.get("next"));
  if ((await actorOf({ request, context })) !== null) throw redirect(next);
  const { prisma, env } = context.get(depsContext);
  const isFirst = !(await hasAccounts(prisma));
  return { next, isFirst, isOpen: isFirst || env.SIGN_UP === "open" || next.startsWith("/invite/") };
}

export async function action({ request, context, url }: Route.ActionArgs) {
  const parsed = parseForm(SignUp, await formOf(request));
  if (!parsed.ok) return data(refusal(parsed.problems), { status: 400 });
  const next = safePath(url.searchParams.get("next"));
  // The invite link goes along, since it opens the door where sign-up is closed.
  const inviteToken = /^\/invite\/([\w-]+)$/.exec(next)?.[1];
  const answer = await callAuth({ request, context }, "/sign-up/email", parsed.value, { inviteToken });
  if (!answer.ok) {
    const isPassword = answer.code === "common_password";
    const words = isPassword ? refusal({ password: answer.message }) : refusal({}, answer.message);
    return data(words, { status: answer.status });
  }
  if (answer.mailed) return { ...refusal({}), mailedTo: parsed.value.email };
  if (answer.headers.has("set-cookie")) return redirect(next, { headers: answer.headers });
  // The first account of a server that mails is open at once, and has no session yet.
  return redirect(`/sign-in?next=${encodeURIComponent(next)}`);
}

export default function SignUpPage({ loaderData, actionData }: Route.ComponentProps) {
  const signIn = (
    <p className="text-sm text-soft">
      Have an account already?{" "}
      <Link className="link" to={`/sign-in?next=${encodeURIComponent(loaderData.next)}`}>
        Sign in
      </Link>
    </p>
  );
  if (!loaderData.isOpen) {
    return (
      <SignedOutLayout title="Sign-up is closed" lead="New accounts need an invite link on this server.">
        <p className="text-soft">Ask an owner or admin of a workspace here to send you one.</p>
        {signIn}
      </SignedOutLayout>
    );
  }
  if (actionData && "mailedTo" in actionData) {
    return (
      <SignedOutLayout title="Look into your mail" lead={`A mail is on its way to ${actionData.mailedTo}.`}>
        <p className="text-soft">
          Its link and your password open the account, within a day.
          {loaderData.next.startsWith("/invite/") ? " Then open your invite’s link again, to join." : ""}
        </p>
        {signIn}
      </SignedOutLayout>
    );
  }
  return (
    <SignedOutLayout
      title={loaderData.isFirst ? "Set up Convene" : "Create your account"}
      lead={loaderData.isFirst ? "The first account looks after this server." : "You get a workspace of your own."}
    >
      <CredentialsForm
        answer={actionData}
        password={{
          autoComplete: "new-password",
          hint: "8 characters or more. A sentence is easier to remember than a riddle.",
        }}
        submit={{ words: "Create account", busyWords: "Creating…" }}
      >
        <Field label="Name" name="name" autoComplete="name" required problem={actionData?.problems["name"]} />
      </CredentialsForm>
      {loaderData.isFirst ? null : signIn}
    </SignedOutLayout>
  );
}
