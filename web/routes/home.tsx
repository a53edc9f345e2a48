import { homeSnapshot } from "#records/pages.ts";
import { actorContext, depsContext } from "../context.ts";
import type { Route } from "./+types/home.ts";

export async function loader({ context }: Route.LoaderArgs) {
  const { prisma } = context.get(depsContext);
  return homeSnapshot(prisma, context.get(actorContext).id);
}

export default function Home({ loaderData }: Route.ComponentProps) {
  return <h1>Home {loaderData.running.length}</h1>;
}
