import { PlugZap } from "lucide-react";
import { Form, useNavigation } from "react-router";
import { callProvider } from "../calls/call-provider.ts";
import { testStream, webhookAddress } from "../calls/stream-self-test.ts";
import { Button } from "../components/ui/button.tsx";
import { Notice } from "../components/ui/notice.tsx";
import { PageHeader } from "../components/ui/page-header.tsx";
import { Findings } from "../components/stream/findings.tsx";
import { StreamSteps } from "../components/stream/stream-steps.tsx";
import { LastSeen } from "../components/stream/last-seen.tsx";
import { depsContext } from "../pages/context.ts";
import { usedEvents } from "#domain/call-webhook.ts";
import { sightingsOf } from "#records/queues/webhook-sightings.ts";
import { requireOperator } from "../pages/operator.ts";
import type { Route } from "./+types/stream.ts";

export async function loader({ context }: Route.LoaderArgs) {
  requireOperator(context);
  const { prisma, env } = context.get(depsContext);
  return {
    isConfigured: callProvider(env) === "stream",
    address: webhookAddress(env.PUBLIC_URL),
    events: usedEvents,
    seen: await sightingsOf(prisma, "stream"),
  };
}

export async function action({ context }: Route.ActionArgs) {
  requireOperator(context);
  return { findings: await testStream(context.get(depsContext)) };
}

export default function Stream({ loaderData, actionData }: Route.ComponentProps) {
  const { isConfigured, address, events, seen } = loaderData;
  const isTesting = useNavigation().formMethod === "POST";
  return (
    <div className="mx-auto max-w-4xl">
      <PageHeader title="Connect Stream" lead="Video calls for meetings with an agent, held by Stream Video.">
        <Form method="post">
          <Button type="submit" look="primary" disabled={isTesting}>
            <PlugZap size={16} aria-hidden="true" /> {isTesting ? "Testing…" : "Test the connection"}
          </Button>
        </Form>
      </PageHeader>
      {isConfigured ? null : (
        <div className="mb-8">
          <Notice kind="info">
            Not configured: this server has no keys of Stream. New meetings are held in the built-in practice room.
          </Notice>
        </div>
      )}
      {actionData ? <Findings findings={actionData.findings} /> : null}
      <LastSeen {...seen} />
      <StreamSteps address={address} events={events} />
    </div>
  );
}
