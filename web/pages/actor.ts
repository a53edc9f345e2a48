import { redirect } from "react-router";
import type { RouterContextProvider } from "react-router";
import { personOf } from "#records/accounts/users.ts";
import type { Actor } from "./context.ts";
import { depsContext } from "./context.ts";

interface Asked {
  request: Request;
  context: Readonly<RouterContextProvider>;
}

/** Who sends this request, or null where nobody is signed in. Pages go by the session cookie alone. */
export async function actorOf({ request, context }: Asked): Promise<Actor | null> {
  const { auth, prisma } = context.get(depsContext);
  const cookie = request.headers.get("cookie");
  const found = cookie === null ? null : await auth.actorOf({ headers: { cookie } });
  if (found === null) return null;
  const user = await personOf(prisma, found.userId);
  return user && { id: found.userId, role: found.role, sessionId: found.credential.id, ...user };
}

/** Who sends this request; others are sent to the sign-in page and come back afterwards. */
export async function requireActor(asked: Asked & { url: URL }): Promise<Actor> {
  const actor = await actorOf(asked);
  if (actor !== null) return actor;
  const next = asked.url.pathname + asked.url.search;
  throw redirect(next === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(next)}`);
}
