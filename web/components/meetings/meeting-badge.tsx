import { Ban, CalendarClock, CircleCheck, CircleDashed, CircleX, Radio } from "lucide-react";
import type { LucideIcon } from "lucide-react";
import type { MeetingStatus } from "#domain/meeting.ts";
import { notHeardLabel } from "../runs/run-labels.ts";
import { meetingStatusLabels } from "./meeting-labels.ts";

const looks: Record<MeetingStatus, { icon: LucideIcon; look: string; beats?: boolean }> = {
  upcoming: { icon: CalendarClock, look: "text-soft" },
  active: { icon: Radio, look: "text-live", beats: true },
  processing: { icon: CircleDashed, look: "text-warn", beats: true },
  completed: { icon: CircleCheck, look: "text-accent" },
  failed: { icon: CircleX, look: "text-danger" },
  cancelled: { icon: Ban, look: "text-soft" },
};

/** A meeting's status as an icon and a word, never as a colour alone. */
export function MeetingBadge({
  status,
  error = null,
  cancelRequested,
}: {
  status: MeetingStatus;
  error?: { code: string } | null;
  cancelRequested?: boolean;
}) {
  const { icon: Icon, look, beats } = looks[status];
  const isEnding = cancelRequested && status !== "cancelled" && status !== "completed" && status !== "failed";
  const isUnheard = status === "failed" && error?.code === "not_heard";
  return (
    <span className={`inline-flex items-center gap-1.5 text-sm font-medium ${look}`}>
      <Icon size={15} aria-hidden="true" className={beats ? "animate-breathe" : ""} />
      {isEnding ? "Cancelling" : isUnheard ? notHeardLabel : meetingStatusLabels[status]}
    </span>
  );
}
