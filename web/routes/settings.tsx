import { useRouteLoaderData } from "react-router";
import { apiKeysOf } from "#records/accounts/api-keys.ts";
import { deletionOutlook } from "#records/accounts/delete-account.ts";
import { sessionsOf } from "#records/accounts/sessions.ts";
import { meansInUse } from "#records/conversations/engines-in-use.ts";
import { PageHeader } from "../components/ui/page-header.tsx";
import { PasswordForm, ProfileForm } from "../components/settings/account-forms.tsx";
import { ApiKeys } from "../components/settings/api-keys.tsx";
import { Appearance } from "../components/settings/appearance.tsx";
import { DeleteAccount } from "../components/settings/delete-account.tsx";
import { Engines } from "../components/settings/engines.tsx";
import { Sessions } from "../components/settings/sessions.tsx";
import { actorContext, depsContext } from "../pages/context.ts";
import type { loader as rootLoader } from "../root.tsx";
import { actOnSettings } from "../pages/settings/settings-actions.ts";
import type { Route } from "./+types/settings.ts";

export async function loader({ context }: Route.LoaderArgs) {
  const { prisma } = context.get(depsContext);
  const actor = context.get(actorContext);
  const [keys, means, sessions, outlook] = await Promise.all([
    apiKeysOf(prisma, actor.id),
    meansInUse(prisma, actor.id),
    sessionsOf(prisma, actor.id),
    deletionOutlook(prisma, actor.id),
  ]);
  return { actor, keys, means, sessions, outlook };
}

export const action = ({ request, context }: Route.ActionArgs) => actOnSettings({ request, context });

export default function Settings({ loaderData, actionData }: Route.ComponentProps) {
  const { actor, keys, means, sessions, outlook } = loaderData;
  const theme = useRouteLoaderData<typeof rootLoader>("root")?.theme ?? "system";
  const answerTo = (intent: string) => (actionData?.intent === intent ? actionData : undefined);
  return (
    <div className="mx-auto max-w-4xl">
      <PageHeader title="Settings" />
      <Appearance theme={theme} />
      <ProfileForm actor={actor} answer={answerTo("profile")} />
      <PasswordForm email={actor.email} answer={answerTo("password")} />
      <ApiKeys keys={keys} />
      <Engines {...means} />
      <Sessions sessions={sessions} currentId={actor.sessionId} />
      <DeleteAccount email={actor.email} outlook={outlook} />
    </div>
  );
}
