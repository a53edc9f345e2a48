import { data, href, redirect } from "react-router";
import { listJoinablePlatforms } from "#domain/bot-platforms.ts";
import { botProviderOf } from "#domain/bot-settings.ts";
import { joinInputAt, placeOf } from "#domain/inputs/join.ts";
import { cleanLine, cut, textLimits } from "#domain/text.ts";
import { workspacesOf, writingRoles } from "#records/accounts/access.ts";
import { preferencesOf } from "#records/calendars/preferences.ts";
import type { PrismaClient } from "#records/db.ts";
import { joinNow } from "#records/bot-visits/requests.ts";
import { recorderOf } from "#records/bot-visits/views.ts";
import { botRefusal } from "../calendar/bot-refusal.ts";
import { JoinBotForm } from "../components/bots/join-bot-form.tsx";
import { NoBots } from "../components/bots/no-bots.tsx";
import { Notice } from "../components/ui/notice.tsx";
import { PageHeader } from "../components/ui/page-header.tsx";
import { actorContext, depsContext } from "../pages/context.ts";
import { formOf, parseForm, refusal } from "../pages/forms.ts";
import type { Route } from "./+types/join-bot.ts";

/** `link` and `title` in the address: the meeting of whoever sends people here. */
export async function loader({ context, url: { searchParams } }: Route.LoaderArgs) {
  const { prisma, env } = context.get(depsContext);
  const { id: userId } = context.get(actorContext);
  const provider = botProviderOf(env);
  const asked = (name: string, most: number) => cut(cleanLine(searchParams.get(name) ?? ""), most);
  const { bot_name: botName, language } = await preferencesOf(prisma, userId);
  return {
    hasBots: provider !== null,
    platforms: listJoinablePlatforms(provider, "disjunction"),
    meeting: { link: asked("link", 2_000), title: asked("title", textLimits.title) },
    botName,
    language,
    workspaces: await writableWorkspaces(prisma, userId),
  };
}

const writableWorkspaces = async (prisma: PrismaClient, userId: string) =>
  (await workspacesOf(prisma, userId)).filter(({ role }) => writingRoles.includes(role));

export async function action({ request, context }: Route.ActionArgs) {
  const { prisma, env } = context.get(depsContext);
  const { id: userId } = context.get(actorContext);
  const parsed = parseForm(joinInputAt(env.JITSI_HOSTS), await formOf(request));
  if (!parsed.ok) return data(refusal(parsed.problems), { status: 400 });
  const place = placeOf(parsed.value.meetingUrl, env.JITSI_HOSTS);
  const refused = botRefusal(env, place);
  if (refused?.code === "platform_not_joined") {
    return data(refusal({ meetingUrl: refused.message }), { status: 409 });
  }
  if (refused !== null) return data(refusal({}, refused.message), { status: 409 });
  const { title, language, botName, workspaceId } = parsed.value;
  const workspaces = await writableWorkspaces(prisma, userId);
  const workspace = workspaceId ? workspaces.find(({ id }) => id === workspaceId) : workspaces[0];
  if (workspace === undefined) {
    return data(refusal({ workspaceId: "You cannot add to this workspace. Choose another." }), { status: 400 });
  }
  const { id } = await joinNow(prisma, {
    userId,
    workspaceId: workspace.id,
    place,
    title: title || null,
    language: language ?? null,
    botName: botName || null,
  });
  const visit = await recorderOf(prisma, userId, id);
  throw redirect(visit === null ? href("/meetings") : href("/runs/:id", { id: visit.runId }));
}

export default function JoinBot({ loaderData: { hasBots, ...form }, actionData }: Route.ComponentProps) {
  return (
    <div className="mx-auto max-w-3xl space-y-6">
      <PageHeader
        title="Send a bot now"
        lead="It joins a meeting that is held elsewhere, records it, and leaves when it ends."
      />
      {actionData?.message ? (
        <Notice kind="bad" role="alert">
          {actionData.message}
        </Notice>
      ) : null}
      {hasBots ? (
        <JoinBotForm {...form} problems={actionData?.problems ?? {}} />
      ) : (
        <NoBots title={form.meeting.title} />
      )}
    </div>
  );
}
