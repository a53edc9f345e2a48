import { Form, Link, data, href, useNavigation } from "react-router";
import { z } from "zod";
import { ADDRESS_HEADER } from "../auth/auth-hooks.ts";
import { SignedOutLayout } from "../components/shell/signed-out-layout.tsx";
import { Button } from "../components/ui/button.tsx";
import { Field } from "../components/ui/field.tsx";
import { plural } from "../components/ui/format.ts";
import { Notice } from "../components/ui/notice.tsx";
import { depsContext } from "../pages/context.ts";
import { formOf, parseForm, refusal } from "../pages/forms.ts";
import type { Route } from "./+types/forgot-password.ts";

const Asked = z.object({ email: z.email("Enter the e-mail address of your account.").max(320) });

/** Where the server does not mail there is no such page. */
export function loader({ context }: Route.LoaderArgs) {
  if (!context.get(depsContext).auth.passwordResets.isOn) {
    throw data("This server sends no mail. Ask whoever operates it.", { status: 404 });
  }
  return null;
}

export async function action({ request, context }: Route.ActionArgs) {
  const { passwordResets } = context.get(depsContext).auth;
  if (!passwordResets.isOn) throw data(null, { status: 404 });
  const parsed = parseForm(Asked, await formOf(request));
  if (!parsed.ok) return data({ ...refusal(parsed.problems), mailedTo: null }, { status: 400 });
  const { email } = parsed.value;
  const allowance = await passwordResets.request(email, request.headers.get(ADDRESS_HEADER) ?? "unknown");
  if (!allowance.allowed) {
    const minutes = plural(Math.ceil(allowance.retryAfterSeconds / 60), "minute");
    return data(
      { ...refusal({}, `Too many were asked for. Try again in ${minutes}.`), mailedTo: null },
      { status: 429 },
    );
  }
  return { ...refusal({}), mailedTo: email };
}

export default function ForgotPassword({ actionData }: Route.ComponentProps) {
  const isBusy = useNavigation().state !== "idle";
  const back = (
    <p className="text-sm">
      <Link to={href("/sign-in")} className="link">
        Back to sign-in
      </Link>
    </p>
  );
  if (actionData?.mailedTo) {
    return (
      <SignedOutLayout
        title="Look into your mail"
        lead={`If ${actionData.mailedTo} has an account here, a mail is on its way.`}
      >
        <p className="text-soft">Its link leads to a new password, once and within an hour.</p>
        {back}
      </SignedOutLayout>
    );
  }
  return (
    <SignedOutLayout title="A new password" lead="You get a mail with a link, by which you choose it.">
      <Form method="post" className="space-y-4" noValidate>
        {actionData?.message ? (
          <Notice kind="bad" role="alert">
            {actionData.message}
          </Notice>
        ) : null}
        <Field
          label="E-mail"
          name="email"
          type="email"
          autoComplete="username"
          required
          problem={actionData?.problems["email"]}
        />
        <Button look="primary" type="submit" disabled={isBusy} className="w-full">
          {isBusy ? "One moment…" : "Send me the link"}
        </Button>
      </Form>
      {back}
    </SignedOutLayout>
  );
}
