import { href, redirectDocument } from "react-router";
import type { RouterContextProvider } from "react-router";
import { wrongPasswordWords } from "../../auth/account-deletion.ts";
import { ADDRESS_HEADER } from "../../auth/auth-hooks.ts";
import { callAuth } from "../accounts/call-auth.ts";
import { actorContext, depsContext } from "../context.ts";

interface Asked {
  request: Request;
  context: Readonly<RouterContextProvider>;
}

/** Has the account of who asks deleted and leads them out; else what is wrong, by field, with the status that says so. */
export async function deleteOwnAccount(
  { request, context }: Asked,
  password: string,
): Promise<{ problems: Record<string, string>; status: number }> {
  const { auth } = context.get(depsContext);
  const { id: userId } = context.get(actorContext);
  const address = request.headers.get(ADDRESS_HEADER) ?? "unknown";
  const answer = await auth.deleteAccount({ userId, password, address });
  if (answer.ok) {
    // The session is gone already; this is for the cookie.
    const out = await callAuth({ request, context }, "/sign-out", {});
    // As a new document: what this one still asks for would lead to the sign-in page by another way, without a word.
    throw redirectDocument(`${href("/sign-in")}?deleted`, out.ok ? { headers: out.headers } : undefined);
  }
  switch (answer.reason) {
    case "wrong_password":
      return { problems: { currentPassword: wrongPasswordWords }, status: 403 };
    case "too_many":
      return { problems: { form: `Too many tries. Try again in ${answer.retryAfterSeconds} seconds.` }, status: 429 };
    case "conflict":
      return { problems: { form: answer.message }, status: 409 };
    default:
      return answer satisfies never;
  }
}
