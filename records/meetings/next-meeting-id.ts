import { v5 } from "uuid";

const nextMeetingNamespace = "6f4f0f0e-5c0a-4d53-9a63-8a3c5d1f7b21";

/** The id of the meeting that follows another for a session of the plan: the same question gives the same id. */
export const nextMeetingId = (meetingId: string, sessionName: string) =>
  v5(`${meetingId} ${sessionName}`, nextMeetingNamespace);
