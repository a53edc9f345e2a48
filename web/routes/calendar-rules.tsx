import { data } from "react-router";
import { canWriteInChat } from "#domain/bot-platforms.ts";
import { botProviderOf } from "#domain/bot-settings.ts";
import { policyOf } from "#domain/calendar/policy.ts";
import { changePreferences } from "#records/calendars/changes.ts";
import { hasPreferences, preferencesOf } from "#records/calendars/preferences.ts";
import { parseRulesForm } from "../calendar/rules-form.ts";
import { CalendarTabs } from "../components/calendar/calendar-tabs.tsx";
import { noBotYet } from "../components/calendar/calendar-labels.ts";
import { RulesForm } from "../components/calendar/rules-form.tsx";
import { plural } from "../components/ui/format.ts";
import { Notice } from "../components/ui/notice.tsx";
import { PageHeader } from "../components/ui/page-header.tsx";
import { actorContext, depsContext } from "../pages/context.ts";
import { formOf } from "../pages/forms.ts";
import type { Route } from "./+types/calendar-rules.ts";

// The names are the server's: a browser's own list could name a zone that the server does not know.
const timeZones = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];

export async function loader({ context }: Route.LoaderArgs) {
  const { prisma, env } = context.get(depsContext);
  const { id } = context.get(actorContext);
  const [rules, isSet] = await Promise.all([preferencesOf(prisma, id), hasPreferences(prisma, id)]);
  const provider = botProviderOf(env);
  const isMute = provider !== null && !canWriteInChat(provider);
  return { rules, isNew: !isSet, timeZones, isMute, hasBots: provider !== null };
}

export async function action({ request, context }: Route.ActionArgs) {
  const { prisma, env } = context.get(depsContext);
  const parsed = parseRulesForm(await formOf(request));
  if (!parsed.ok) return data({ problems: parsed.problems, changed: null }, { status: 400 });
  const { changed } = await changePreferences(prisma, context.get(actorContext).id, parsed.value, policyOf(env));
  return data({ problems: {}, changed });
}

export default function CalendarRules({ loaderData, actionData }: Route.ComponentProps) {
  const { hasBots, ...shown } = loaderData;
  const problems = actionData?.problems ?? {};
  const changed = actionData?.changed ?? null;
  return (
    <div className="mx-auto max-w-4xl">
      <PageHeader title="Rules" lead="Which meetings of your calendars are to be joined." />
      <CalendarTabs />
      {hasBots ? null : <Notice kind="info">{noBotYet}</Notice>}
      <div className="mt-8">
        <RulesForm {...shown} problems={problems} />
      </div>
      <div role="status" className="mt-4 empty:hidden">
        {changed === null ? null : <Notice kind="good">{savedWords(changed)}</Notice>}
        {Object.keys(problems).length === 0 ? null : (
          <Notice kind="bad">Nothing was saved: {Object.values(problems).join(" ")}</Notice>
        )}
      </div>
    </div>
  );
}

const savedWords = (changed: number) =>
  `Saved. ${
    changed === 0 ? "No event is" : `${plural(changed, "event")} ${changed === 1 ? "is" : "are"}`
  } decided otherwise now. It holds for everything that is not over.`;
