import type { RouterContextProvider } from "react-router";
import { z } from "zod";
import { INVITE_HEADER } from "../../auth/auth-hooks.ts";
import { OPENING_HEADER } from "../../auth/sign-up-mail.ts";
import { depsContext } from "../context.ts";

const Refusal = z
  .object({ code: z.string().catch(""), message: z.string().catch("") })
  .catch({ code: "", message: "" });

const Answer = z.object({ mailed: z.boolean().catch(false) }).catch({ mailed: false });

/**
 * What came of a question to the sign-in library: cookies to pass on, or a sentence that says why not. `mailed`: it goes
 * on by a mail.
 */
export type AuthAnswer =
  | { ok: true; headers: Headers; mailed: boolean }
  | { ok: false; status: number; code: string; message: string };

/**
 * Asks the sign-in library by its own endpoint, as a browser without scripts would, so that its checks of origin and
 * rate hold for forms too. `path` begins after `/api/auth`.
 */
export async function callAuth(
  { request, context }: { request: Request; context: Readonly<RouterContextProvider> },
  path: string,
  body: Record<string, unknown>,
  { inviteToken, openingToken }: { inviteToken?: string | undefined; openingToken?: string | undefined } = {},
): Promise<AuthAnswer> {
  const { auth, env } = context.get(depsContext);
  const headers = new Headers(request.headers);
  headers.set("content-type", "application/json");
  headers.delete("content-length");
  for (const [header, token] of [
    [INVITE_HEADER, inviteToken],
    [OPENING_HEADER, openingToken],
  ] as const) {
    headers.delete(header);
    if (token !== undefined) headers.set(header, token);
  }
  const url = new URL(`/api/auth${path}`, env.PUBLIC_URL);
  const response = await auth.handler(new Request(url, { method: "POST", headers, body: JSON.stringify(body) }));
  if (response.ok) {
    const cookies = new Headers();
    for (const cookie of response.headers.getSetCookie()) cookies.append("set-cookie", cookie);
    const { mailed } = Answer.parse(await response.json().catch(() => null));
    return { ok: true, headers: cookies, mailed };
  }
  const { code, message } = Refusal.parse(await response.json().catch(() => null));
  const words = message || "That did not work. Check what you entered and try again.";
  return { ok: false, status: response.status, code, message: words };
}
