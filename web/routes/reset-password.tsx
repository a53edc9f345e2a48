import { Form, Link, data, href, redirect, useNavigation } from "react-router";
import { z } from "zod";
import { newPassword } from "#domain/inputs/account.ts";
import { commonPasswordWords } from "../auth/passwords.ts";
import { RevokeKeys } from "../components/settings/revoke-keys.tsx";
import { SignedOutLayout } from "../components/shell/signed-out-layout.tsx";
import { Button, buttonClass } from "../components/ui/button.tsx";
import { Field } from "../components/ui/field.tsx";
import { depsContext } from "../pages/context.ts";
import { formOf, parseForm, refusal } from "../pages/forms.ts";
import type { Route } from "./+types/reset-password.ts";

const Chosen = z.object({ password: newPassword(), revokeKeys: z.literal("yes").optional() });

/** The page that the link leads to, of a mail or of an operator. A look at it, such as a mail scanner's, uses nothing up. */
export async function loader({ context, params: { token } }: Route.LoaderArgs) {
  const { passwordResets } = context.get(depsContext).auth;
  const isOpen = await passwordResets.isOpen(token);
  return data({ isOpen, canMail: passwordResets.isOn }, { status: isOpen ? 200 : 404 });
}

export async function action({ request, context, params: { token } }: Route.ActionArgs) {
  const parsed = parseForm(Chosen, await formOf(request));
  if (!parsed.ok) return data(refusal(parsed.problems), { status: 400 });
  const { password, revokeKeys } = parsed.value;
  const { passwordResets } = context.get(depsContext).auth;
  const outcome = await passwordResets.reset({ token, password, revokesKeys: revokeKeys === "yes" });
  if (outcome === "common") return data(refusal({ password: commonPasswordWords }), { status: 422 });
  if (outcome === "ended") return data(refusal({}), { status: 404 });
  return redirect(`${href("/sign-in")}?changed`);
}

export default function ResetPassword({ loaderData: { isOpen, canMail }, actionData }: Route.ComponentProps) {
  const isBusy = useNavigation().state !== "idle";
  if (!isOpen) {
    return (
      <SignedOutLayout title="This link has ended" lead="It works once, and for an hour; a later one ends it too.">
        {canMail ? (
          <Link to={href("/forgot-password")} className={buttonClass("primary")}>
            Send me another
          </Link>
        ) : (
          <p className="text-sm text-soft">Ask whoever runs this server for another.</p>
        )}
      </SignedOutLayout>
    );
  }
  return (
    <SignedOutLayout title="Choose a new password" lead="All browsers are signed out, and you sign in with it.">
      <Form method="post" className="space-y-4" noValidate>
        <Field
          label="New password"
          name="password"
          type="password"
          autoComplete="new-password"
          hint="8 characters or more. A sentence is easier to remember than a riddle."
          required
          problem={actionData?.problems["password"]}
        />
        <RevokeKeys />
        <Button look="primary" type="submit" disabled={isBusy} className="w-full">
          {isBusy ? "One moment…" : "Set the password"}
        </Button>
      </Form>
    </SignedOutLayout>
  );
}
