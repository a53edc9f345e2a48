import { redirect } from "react-router";
import type { RouterContextProvider } from "react-router";
import type { Actor } from "./context.ts";
import { depsContext } from "./context.ts";

interface Asked {
  request: Request;
  context: Readonly<RouterContextProvider>;
}

/** Who sends this request, or null where nobody is signed in. */
export async function actorOf({ request, context }: Asked): Promise<Actor | null> {
  const session = await context.get(depsContext).auth.api.getSession({ headers: request.headers });
  if (session === null) return null;
  const { id, name, email, role } = session.user;
  return { id, name, email, role: role ?? "user" };
}

/** Who sends this request; others are sent to the sign-in page and come back afterwards. */
export async function requireActor(asked: Asked & { url: URL }): Promise<Actor> {
  const actor = await actorOf(asked);
  if (actor !== null) return actor;
  const next = asked.url.pathname + asked.url.search;
  throw redirect(next === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(next)}`);
}
