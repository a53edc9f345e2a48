import { PhoneOff, RotateCw, Video } from "lucide-react";
import { Link, href, useFetcher, useLocation } from "react-router";
import type { MeetingData } from "../../pages/meetings/meeting-data.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { Notice } from "../ui/notice.tsx";
import { PlayerProvider, useNewPlayer } from "../conversation/player.ts";
import { TranscriptSection } from "../conversation/transcript-section.tsx";
import { AgentPresence } from "./agent-presence.tsx";
import { GuestLink } from "../meetings/guest-link.tsx";
import { hasJustLeft } from "./left-call.ts";
import { MeetingHeading } from "../meetings/meeting-heading.tsx";

/** A meeting whose call goes on: its words as they come, how the agent is, and the way in. */
export function OngoingCall({ meeting, guestLink }: { meeting: MeetingData; guestLink: string | null }) {
  const player = useNewPlayer();
  const hasLeft = hasJustLeft(useLocation().state);
  const words = hasLeft ? "Rejoin" : "Join the call";
  return (
    <PlayerProvider value={player}>
      <div className="mx-auto max-w-4xl space-y-6">
        <MeetingHeading meeting={meeting}>
          {meeting.canWrite ? (
            <Link to={href("/meetings/:id/call", { id: meeting.id })} className={buttonClass("primary")}>
              <Video size={16} aria-hidden="true" /> {words}
            </Link>
          ) : null}
          {meeting.isHost ? <EndCall /> : null}
        </MeetingHeading>
        {hasLeft ? (
          <Notice kind="info" role="status">
            You left; the call goes on. What is said appears below, and you can rejoin at any time.
          </Notice>
        ) : null}
        <AgentPresence agent={meeting.agent} call={meeting.call} />
        {meeting.canWrite && meeting.agent !== null && meeting.call.agentState === "failed" ? <CallAgent /> : null}
        <TranscriptSection
          segments={meeting.segments}
          speakers={meeting.speakers}
          cited={[]}
          isLive
          isPlayable={false}
          silence="What is said in the call appears here as it comes."
        />
        {guestLink === null ? null : <GuestLink address={guestLink} />}
      </div>
    </PlayerProvider>
  );
}

function CallAgent() {
  const fetcher = useFetcher<{ message: string | null }>();
  return (
    <fetcher.Form method="post" className="flex flex-wrap items-center gap-3">
      <input type="hidden" name="intent" value="callAgent" />
      <Button type="submit" disabled={fetcher.state !== "idle"}>
        <RotateCw size={16} aria-hidden="true" /> Try the agent again
      </Button>
      <p role="status" className="text-sm text-soft">
        {fetcher.data?.message}
      </p>
    </fetcher.Form>
  );
}

function EndCall() {
  return (
    <Confirm
      trigger={
        <Button look="danger">
          <PhoneOff size={16} aria-hidden="true" /> End for all
        </Button>
      }
      title="End the call for everybody?"
      action="End the call"
      fields={{ intent: "endCall" }}
      decline="Let it go on"
    >
      Whoever is still in it is asked to leave, and what was said is worked on.
    </Confirm>
  );
}
