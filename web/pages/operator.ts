import { data } from "react-router";
import type { RouterContextProvider } from "react-router";
import type { Actor } from "./context.ts";
import { actorContext } from "./context.ts";

/** Who asks, where that is an administrator of the server; for others there is no such page. */
export function requireOperator(context: Readonly<RouterContextProvider>): Actor {
  const actor = context.get(actorContext);
  if (actor.role !== "admin") {
    throw data("No page has this address. It may have been deleted, or the link may be incomplete.", { status: 404 });
  }
  return actor;
}
