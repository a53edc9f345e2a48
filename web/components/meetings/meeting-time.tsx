import type { MeetingStatus } from "#domain/meeting.ts";
import { Time } from "../ui/time.tsx";

interface MeetingTimeProps {
  status: MeetingStatus;
  startedAt: Date | null;
  scheduledAt: Date | null;
  createdAt: Date;
}

/** When a meeting was or is to be. Of a cancelled one the date that it had: it is in no hours any more. */
export function MeetingTime({ status, startedAt, scheduledAt, createdAt }: MeetingTimeProps) {
  const isPlanOnly = startedAt === null && scheduledAt !== null;
  return <Time at={startedAt ?? scheduledAt ?? createdAt} exact={isPlanOnly && status === "cancelled"} />;
}
