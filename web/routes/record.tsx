import { useEffect } from "react";
import { href, useNavigate } from "react-router";
import { cleanLine, cut, textLimits } from "#domain/text.ts";
import { workspacesOf, writingRoles } from "#records/accounts/access.ts";
import { speechOffer } from "#records/speech-offer.ts";
import { PageHeader } from "../components/ui/page-header.tsx";
import { LeftoverList } from "../components/browser-recorder/leftover-list.tsx";
import { RecordForm } from "../components/browser-recorder/record-form.tsx";
import { RecordPanel } from "../components/browser-recorder/record-panel.tsx";
import { languagesOf } from "../components/uploads/languages.ts";
import { useRecorder } from "../components/browser-recorder/use-recorder.tsx";
import { actorContext, depsContext } from "../pages/context.ts";
import type { Route } from "./+types/record.ts";

export async function loader({ context, url }: Route.LoaderArgs) {
  const { prisma, env } = context.get(depsContext);
  const workspaces = await workspacesOf(prisma, context.get(actorContext).id);
  return {
    workspaces: workspaces.filter(({ role }) => writingRoles.includes(role)),
    title: cut(cleanLine(url.searchParams.get("title") ?? ""), textLimits.title),
    languages: languagesOf(await speechOffer(prisma)),
    longestMs: env.MAX_DURATION_SECONDS * 1000,
  };
}

export default function RecordPage({ loaderData }: Route.ComponentProps) {
  const [{ phase, conversationId, news, leftovers }, recorder] = useRecorder();
  const navigate = useNavigate();
  useEffect(() => {
    // What ended by itself says why before anybody goes on.
    if (phase !== "saved" || conversationId === null || news !== null) return;
    recorder.dismiss();
    void navigate(href("/recordings/:id", { id: conversationId }));
  }, [phase, conversationId, news, recorder, navigate]);
  const isForm = phase === "idle" || phase === "opening";
  return (
    <div className="mx-auto max-w-3xl space-y-6">
      <PageHeader
        title="Record a meeting"
        lead="Any meeting that runs in this browser, without a bot that joins it. Only sound leaves this computer, and it is saved while you talk."
      />
      <LeftoverList leftovers={leftovers} leftoversOf={recorder.leftovers} />
      {isForm ? <RecordForm {...loaderData} /> : <RecordPanel />}
    </div>
  );
}
