import { Outlet } from "react-router";
import { shellSnapshot } from "#records/pages.ts";
import { requireActor } from "../actor.ts";
import { ErrorPage } from "../components/error-page.tsx";
import { BottomBar, SideNav, TopBar } from "../components/nav.tsx";
import { PendingBar, RouteAnnouncer } from "../components/route-status.tsx";
import { actorContext, depsContext, requestIdContext } from "../context.ts";
import type { Route } from "./+types/shell.ts";

export const middleware: Route.MiddlewareFunction[] = [
  async ({ request, context, url }) => {
    context.set(actorContext, await requireActor({ request, context, url }));
  },
];

export async function loader({ context }: Route.LoaderArgs) {
  const { prisma } = context.get(depsContext);
  const actor = context.get(actorContext);
  const shell = await shellSnapshot(prisma, actor.id);
  return { actor, ...shell, requestId: context.get(requestIdContext) };
}

export default function Shell({ loaderData }: Route.ComponentProps) {
  return (
    <Frame data={loaderData}>
      <Outlet />
    </Frame>
  );
}

function Frame({ data, children }: { data: Route.ComponentProps["loaderData"]; children: React.ReactNode }) {
  const workspaceId = data.workspaces[0]?.id ?? null;
  const nav = { actor: data.actor, workspaceId, unread: data.unread };
  return (
    <div className="min-h-dvh lg:flex">
      <a
        href="#main"
        className="fixed top-2 left-2 z-50 -translate-y-20 rounded-lg bg-accent px-4 py-2 text-on-accent focus:translate-y-0"
      >
        Skip to the content
      </a>
      <PendingBar />
      <RouteAnnouncer />
      <SideNav {...nav} />
      <TopBar actor={data.actor} />
      <main id="main" tabIndex={-1} className="min-w-0 flex-1 px-4 pt-6 pb-28 sm:px-8 lg:px-12 lg:pt-10 lg:pb-16">
        {children}
      </main>
      <BottomBar {...nav} />
    </div>
  );
}

export function ErrorBoundary({ error, loaderData }: Route.ErrorBoundaryProps) {
  const page = <ErrorPage error={error} requestId={loaderData?.requestId ?? ""} />;
  if (loaderData === undefined) return <main className="mx-auto max-w-xl px-5 py-20">{page}</main>;
  return (
    <Frame data={loaderData}>
      <div className="mx-auto max-w-xl py-10">{page}</div>
    </Frame>
  );
}
