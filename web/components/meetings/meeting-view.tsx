import { useState } from "react";
import { useRevalidator } from "react-router";
import { meetingViewOf } from "#domain/meeting-view.ts";
import type { MeetingData } from "../../pages/meetings/meeting-data.ts";
import { useRevalidateWhile } from "../../hooks/use-revalidate-while.ts";
import { UpcomingMeeting } from "./upcoming-meeting.tsx";
import { PlayerProvider, useNewPlayer } from "../conversation/player.ts";
import { RunOutcome } from "../conversation/run-panel.tsx";
import { TranscriptSection } from "../conversation/transcript-section.tsx";
import { CallProcessing } from "../call/call-processing.tsx";
import { MeetingHeading } from "./meeting-heading.tsx";
import { DeleteMeeting, MeetingResult } from "./meeting-result.tsx";
import { awaitsNextSession } from "./next-session.tsx";
import { OngoingCall } from "../call/ongoing-call.tsx";

/** A meeting at whatever point of its life it stands, by its stored status. */
export function MeetingView({ meeting, guestLink }: { meeting: MeetingData; guestLink: string | null }) {
  const view = meetingViewOf(meeting.run);
  // Who saw the work is also shown that it is done, before the result takes its place.
  const [isWatching, setWatching] = useState(view === "processing");
  const [seen, setSeen] = useState(view);
  if (seen !== view) {
    setSeen(view);
    if (view === "processing") setWatching(true);
  }
  const { revalidate } = useRevalidator();
  const showResult = () => {
    setWatching(false);
    // Without the feed only the processing's own questions know that it is done.
    if (view !== "completed") void revalidate();
  };
  useRevalidateWhile(awaitsNextSession(meeting));
  switch (view) {
    case "upcoming":
      return <UpcomingMeeting meeting={meeting} guestLink={guestLink} />;
    case "active":
      return <OngoingCall meeting={meeting} guestLink={guestLink} />;
    case "processing":
      return <Afterwards meeting={meeting} onDone={showResult} />;
    case "completed":
      if (isWatching) return <Afterwards meeting={meeting} onDone={showResult} />;
      return <MeetingResult meeting={meeting} />;
    case "failed":
      return <Afterwards meeting={meeting} onDone={showResult} />;
    case "cancelled":
      // One that was called off can still be looked up; one that was broken off has words to show.
      if (meeting.call.startedAt === null) return <UpcomingMeeting meeting={meeting} guestLink={null} />;
      return <Cancelled meeting={meeting} />;
    default:
      return view satisfies never;
  }
}

/** After the call: the work, or why it failed; and what was said, which is kept in either case. */
function Afterwards({ meeting, onDone }: { meeting: MeetingData; onDone: () => void }) {
  return (
    <div className="mx-auto max-w-4xl space-y-8">
      <MeetingHeading meeting={meeting}>{meeting.canWrite ? <DeleteMeeting /> : null}</MeetingHeading>
      <CallProcessing
        meetingId={meeting.id}
        run={meeting.run}
        since={meeting.call.processingSince}
        canRetry={meeting.canWrite}
        onDone={onDone}
      />
      <WhatWasSaid meeting={meeting} />
    </div>
  );
}

function Cancelled({ meeting }: { meeting: MeetingData }) {
  return (
    <div className="mx-auto max-w-4xl space-y-8">
      <MeetingHeading meeting={meeting}>{meeting.canWrite ? <DeleteMeeting /> : null}</MeetingHeading>
      <RunOutcome run={meeting.run} canWrite={meeting.canWrite} />
      <WhatWasSaid meeting={meeting} />
    </div>
  );
}

function WhatWasSaid({ meeting }: { meeting: MeetingData }) {
  const player = useNewPlayer();
  if (meeting.segments.length === 0) return null;
  return (
    <PlayerProvider value={player}>
      <TranscriptSection
        segments={meeting.segments}
        speakers={meeting.speakers}
        cited={[]}
        isLive={false}
        isPlayable={false}
        silence=""
      />
    </PlayerProvider>
  );
}
