import { randomUUID } from "node:crypto";
import { inject } from "vitest";

/** The Convene that several files share, with an account of the caller's own: what others do in it is not seen. */
export async function sharedConvene(name: string) {
  const answer = await fetch(inject("sharedConveneUrl"));
  const url = await answer.text();
  if (!answer.ok) throw new Error(url);
  return { url, owner: await newAccount(url, name) };
}

/** An account of its own for a test: what an earlier one, or its own first try, did is not seen. */
export async function newAccount(url: string, name: string) {
  const owner = { name, email: `${name}-${randomUUID()}@example.com`, password: "correct horse battery" };
  const made = await fetch(`${url}/api/auth/sign-up/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify(owner),
  });
  if (!made.ok) throw new Error(`sign-up answered ${made.status}: ${await made.text()}`);
  return owner;
}
