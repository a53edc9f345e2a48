import { Outlet, href, useLocation, useMatch } from "react-router";
import type { LiveEvent } from "#domain/live.ts";
import { ongoingMeetings } from "#records/meetings/ongoing-meetings.ts";
import { shellSnapshot } from "#records/accounts/page-snapshots.ts";
import { requireActor } from "../pages/actor.ts";
import { Feeds } from "../components/shell/feeds.tsx";
import { useFetchAhead } from "../components/shell/fetch-ahead.ts";
import { useLiveState } from "../components/shell/live-state.ts";
import { BottomBar, SideNav, TopBar } from "../components/shell/nav.tsx";
import { OngoingMeetingsIndicator } from "../components/ongoing/ongoing-indicator.tsx";
import { PendingBar, RouteAnnouncer } from "../components/shell/route-status.tsx";
import { RecordingIndicator } from "../components/browser-recorder/recording-indicator.tsx";
import { RecorderProvider } from "../components/browser-recorder/use-recorder.tsx";
import { NoticeToasts, showToast } from "../components/shell/notice-toasts.tsx";
import { DropAnywhere } from "../components/uploads/drop-anywhere.tsx";
import { UploadTray } from "../components/uploads/upload-tray.tsx";
import { UploaderProvider } from "../components/uploads/use-uploader.tsx";
import { useRevalidateAfterForms } from "../hooks/use-revalidate-after-forms.ts";
import { actorContext, depsContext } from "../pages/context.ts";
import type { Route } from "./+types/shell.ts";

export const middleware: Route.MiddlewareFunction[] = [
  async ({ request, context, url }) => {
    context.set(actorContext, await requireActor({ request, context, url }));
  },
];

export async function loader({ context }: Route.LoaderArgs) {
  const { prisma } = context.get(depsContext);
  const actor = context.get(actorContext);
  const [shell, ongoing] = await Promise.all([shellSnapshot(prisma, actor.id), ongoingMeetings(prisma, actor.id)]);
  return { actor, ...shell, ongoing };
}

export default function Shell({ loaderData }: Route.ComponentProps) {
  const { actor, workspaces, feed } = loaderData;
  const revalidate = useRevalidateAfterForms();
  useFetchAhead();
  const [{ unread }, count] = useLiveState(loaderData, [feed], countNotice);
  const { pathname } = useLocation();
  const isReadingNotices = useMatch(href("/notifications")) !== null;
  const isInCalendar = useMatch("/calendar/*") !== null;
  const nav = { actor, workspaceId: workspaces[0]?.id ?? null, unread };

  // The person's own feed tells of notices and of changed rights. A notice is counted and no more: to load the page
  // anew would move its rows under the reader's hand. Calendars show on their own pages only.
  function onEvent(event: LiveEvent) {
    count(event);
    if (event.type === "notification.added" && !isReadingNotices) {
      const notice = event.data;
      // Who looks at the thing itself sees what became of it.
      if (notice.link !== pathname) showToast(notice);
      return;
    }
    if (event.type === "calendar.changed" && !isInCalendar) return;
    // The page that asked for it is on its way out, and says so; elsewhere the connection tells.
    if (event.type === "access.ended") return;
    revalidate();
  }
  return (
    <UploaderProvider userId={actor.id}>
      <RecorderProvider userId={actor.id}>
        <NoticeToasts />
        <Feeds feeds={[feed]} onEvent={onEvent} />
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
          <TopBar {...nav} />
          <main
            id="main"
            tabIndex={-1}
            className="min-w-0 flex-1 px-4 pt-6 pb-28 sm:px-8 lg:px-12 lg:pt-[max(2.5rem,calc(var(--below-banner,0px)+0.75rem))] lg:pb-16"
          >
            <Outlet />
          </main>
          <BottomBar {...nav} />
          <OngoingMeetingsIndicator ongoing={loaderData.ongoing} />
          <RecordingIndicator />
          <UploadTray feeds={loaderData.ongoing.feeds} />
          <DropAnywhere />
        </div>
      </RecorderProvider>
    </UploaderProvider>
  );
}

const countNotice = <State extends { unread: number }>(state: State, { type }: LiveEvent): State =>
  type === "notification.added" ? { ...state, unread: state.unread + 1 } : state;
