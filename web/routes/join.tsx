import { data } from "react-router";
import { useState } from "react";
import { meetingViewOf } from "#domain/meeting-view.ts";
import { guestMeeting } from "../calls/guest.ts";
import { Button } from "../components/ui/button.tsx";
import { SignedOutLayout, SignedOutWords } from "../components/shell/signed-out-layout.tsx";
import { Mark } from "../components/shell/logo.tsx";
import { guestEndpoints } from "../components/call/call-api.ts";
import { CallConnect } from "../components/call/call-connect.tsx";
import { depsContext } from "../pages/context.ts";
import type { Route } from "./+types/join.ts";

/** A guest sees the call and whom it is with; nothing of what was said before, and nothing of what comes of it. */
export async function loader({ context, params }: Route.LoaderArgs) {
  const meeting = await guestMeeting(context.get(depsContext), params);
  if (meeting === null) return data({ meeting: null }, { status: 404 });
  const { id, title, agent, owner } = meeting;
  const provider = meeting.provider === "stream" ? ("stream" as const) : ("practice" as const);
  const view = meetingViewOf(meeting.run);
  const isOpen = view === "upcoming" || view === "active";
  return { meeting: { id, title, agent, provider, host: owner?.name ?? null, isOpen } };
}

export default function Join({ loaderData: { meeting }, params }: Route.ComponentProps) {
  const [goesOn, setGoesOn] = useState(false);
  if (meeting === null) {
    return (
      <SignedOutLayout title="This link does not work" lead="It was revoked, or its meeting was deleted.">
        <p className="text-soft">Ask whoever sent it for a new one.</p>
      </SignedOutLayout>
    );
  }
  if (goesOn) return <Left title={meeting.title} onRejoin={() => setGoesOn(false)} />;
  if (!meeting.isOpen) return <Over title={meeting.title} Frame={SignedOutLayout} />;
  return (
    <div className="min-h-dvh px-4 py-8 sm:px-8">
      <title>{`${meeting.title} · Convene`}</title>
      <header className="mx-auto mb-8 flex max-w-5xl items-center gap-2.5 font-serif text-xl font-semibold">
        <Mark /> Convene
      </header>
      <main id="main">
        <CallConnect
          meetingName={meeting.title}
          meetingId={meeting.id}
          start="lobby"
          provider={meeting.provider}
          agent={meeting.agent}
          selfName=""
          canEndForAll={false}
          door={guestEndpoints(meeting.id, params.token)}
          processing={
            <div className="mx-auto max-w-sm space-y-6">
              <Over title={meeting.title} Frame={SignedOutWords} />
            </div>
          }
          onLeft={() => setGoesOn(true)}
        />
      </main>
    </div>
  );
}

function Over({ title, Frame }: { title: string; Frame: typeof SignedOutLayout }) {
  return (
    <Frame title="Thank you" lead={`“${title}” is over.`}>
      <p className="text-soft">You can close this page. Whoever invited you gets what comes of it.</p>
    </Frame>
  );
}

function Left({ title, onRejoin }: { title: string; onRejoin: () => void }) {
  return (
    <SignedOutLayout title="Thank you" lead={`You left “${title}”.`}>
      <p className="text-soft">The call goes on without you.</p>
      <Button look="primary" onClick={onRejoin}>
        Rejoin
      </Button>
    </SignedOutLayout>
  );
}
