import { Bell } from "lucide-react";
import { Form } from "react-router";
import { z } from "zod";
import { isId } from "#domain/ids.ts";
import { markNotificationsRead, notificationsOf } from "#records/live/notification-list.ts";
import { Button } from "../components/ui/button.tsx";
import { Pager } from "../components/ui/list-filter.tsx";
import { NoticeLink } from "../components/shell/notice-link.tsx";
import { PageHeader } from "../components/ui/page-header.tsx";
import { Time } from "../components/ui/time.tsx";
import { actorContext, depsContext } from "../pages/context.ts";
import { formOf, mustParse } from "../pages/forms.ts";
import type { Route } from "./+types/notifications.ts";

const Read = z.object({ id: z.uuid().optional() });

export async function loader({ context, url }: Route.LoaderArgs) {
  const { prisma } = context.get(depsContext);
  const after = url.searchParams.get("after");
  return notificationsOf(prisma, context.get(actorContext).id, after !== null && isId(after) ? after : null);
}

export async function action({ request, context }: Route.ActionArgs) {
  const { id } = mustParse(Read, await formOf(request));
  await markNotificationsRead(context.get(depsContext).prisma, context.get(actorContext).id, id);
  return null;
}

export default function Notifications({ loaderData: { items, nextCursor } }: Route.ComponentProps) {
  const hasUnread = items.some(({ readAt }) => readAt === null);
  return (
    <div className="mx-auto max-w-3xl">
      <PageHeader title="Notifications">
        {hasUnread ? (
          <Form method="post">
            <Button type="submit">Mark all as read</Button>
          </Form>
        ) : null}
      </PageHeader>
      {items.length === 0 ? (
        <div className="panel flex flex-col items-center gap-3 px-6 py-16 text-center text-soft">
          <Bell size={26} aria-hidden="true" />
          <p>When a recording is ready or fails, it says so here.</p>
        </div>
      ) : (
        <ul aria-label="Notifications" className="panel divide-y divide-line">
          {items.map((item) => (
            <li key={item.id} className="flex items-start gap-3 px-4 py-4 sm:px-5">
              <span
                aria-hidden="true"
                className={`mt-2 size-2 shrink-0 rounded-full ${item.readAt === null ? "bg-live" : ""}`}
              />
              <div className="min-w-0 flex-1">
                <p className={item.readAt === null ? "font-semibold" : ""}>
                  {item.readAt === null ? <span className="sr-only">Unread: </span> : null}
                  {item.link === null ? (
                    item.title
                  ) : (
                    <NoticeLink id={item.readAt === null ? item.id : null} to={item.link} className="hover:underline">
                      {item.title}
                    </NoticeLink>
                  )}
                </p>
                {item.body === "" ? null : <p className="text-sm text-soft">{item.body}</p>}
                <p className="text-sm text-soft">
                  <Time at={item.createdAt} />
                </p>
              </div>
              {item.readAt === null ? (
                <Form method="post">
                  <input type="hidden" name="id" value={item.id} />
                  <Button look="quiet" type="submit">
                    Mark as read<span className="sr-only">: {item.title}</span>
                  </Button>
                </Form>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      <Pager nextCursor={nextCursor} />
    </div>
  );
}
