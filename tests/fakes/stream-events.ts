import { createHmac } from "node:crypto";

/** What every webhook of a call is built from. Ids are Stream's: the call's is the meeting's. */
export interface CallFacts {
  meetingId: string;
  sessionId: string;
  /** When it happened. */
  at: Date;
  /** The call's custom data (default `{meetingId}`); the meeting id is read from there. */
  custom?: Record<string, unknown>;
  startedAt?: Date | null;
  endedAt?: Date | null;
  /** "End for all" of the call itself. */
  callEndedAt?: Date | null;
}

export interface PersonFacts {
  userId: string;
  name?: string;
  joinedAt?: Date;
}

export type StreamEvent = { type: string; call_cid: string; created_at: string; [field: string]: unknown };

/** Hex HMAC-SHA256 of the uncompressed body with the API secret, as in `X-SIGNATURE`. */
export const signStream = (body: string | Uint8Array, secret: string): string =>
  createHmac("sha256", secret).update(body).digest("hex");

/** Stream writes times with nanoseconds. */
export const streamTime = (at: Date): string => at.toISOString().replace("Z", "123456Z");

/** The same moment in the words of its API: nanoseconds as a JSON number. */
export const streamNanos = (at: Date): number => at.getTime() * 1e6 + 123_456;

/** The bodies Stream sends, by their type; pure, so the same facts give the same bytes. */
export const streamEvents = {
  sessionStarted: (facts: CallFacts): StreamEvent => ({
    ...base("call.session_started", facts),
    session_id: facts.sessionId,
    call: callObject({ startedAt: facts.at, ...facts }),
  }),
  sessionEnded: (facts: CallFacts): StreamEvent => ({
    ...base("call.session_ended", facts),
    session_id: facts.sessionId,
    call: callObject({ endedAt: facts.at, ...facts }),
  }),
  participantJoined: (facts: CallFacts & PersonFacts): StreamEvent => ({
    ...base("call.session_participant_joined", facts),
    session_id: facts.sessionId,
    participant: participant(facts),
  }),
  participantLeft: (facts: CallFacts & PersonFacts & { reason?: string }): StreamEvent => ({
    ...base("call.session_participant_left", facts),
    session_id: facts.sessionId,
    participant: participant(facts),
    duration_seconds: Math.round((facts.at.getTime() - (facts.joinedAt ?? facts.at).getTime()) / 1000),
    reason: facts.reason ?? "left",
  }),
  callEnded: (facts: CallFacts & { userId?: string }): StreamEvent => ({
    ...base("call.ended", facts),
    reason: "ended by user",
    call: callObject({ callEndedAt: facts.at, ...facts }),
    ...(facts.userId === undefined ? {} : { user: userObject(facts.userId) }),
  }),
  recordingReady: (facts: CallFacts & { url: string; startedAt: Date; endedAt: Date }): StreamEvent => ({
    ...base("call.recording_ready", facts),
    egress_id: `egress-${facts.sessionId}`,
    recording_type: "composite",
    call_recording: { ...fileOf(facts, "mp4"), recording_type: "composite" },
  }),
  transcriptionReady: (facts: CallFacts & { url: string; startedAt: Date; endedAt: Date }): StreamEvent => ({
    ...base("call.transcription_ready", facts),
    egress_id: `egress-${facts.sessionId}`,
    call_transcription: fileOf(facts, "jsonl"),
  }),
};

/** The call as Stream's API and its webhooks show it; times in the API are numbers, see `time`. */
export function callObject(facts: Omit<CallFacts, "at">, time: (at: Date) => string | number = streamTime) {
  const { meetingId, sessionId, startedAt = null, endedAt = null, callEndedAt = null } = facts;
  const at = (date: Date | null) => date && time(date);
  const created = at(startedAt ?? endedAt ?? callEndedAt ?? new Date(0));
  const session = {
    id: sessionId,
    started_at: at(startedAt),
    ended_at: at(endedAt),
    participants: [],
    participants_count_by_role: {},
    anonymous_participant_count: 0,
    accepted_by: {},
    missed_by: {},
    rejected_by: {},
  };
  return {
    type: "default",
    id: meetingId,
    cid: `default:${meetingId}`,
    current_session_id: sessionId !== "" && endedAt === null ? sessionId : "",
    session: sessionId === "" ? null : session,
    custom: facts.custom ?? { meetingId },
    created_by: userObject("host"),
    created_at: created,
    updated_at: created,
    ended_at: at(callEndedAt),
    starts_at: null,
    backstage: false,
    blocked_user_ids: [],
    captioning: false,
    recording: false,
    transcribing: false,
    translating: false,
    egress: { broadcasting: false, hls: null, rtmps: [] },
    ingress: { rtmp: { address: "" }, srt: { address: "" }, whip: { address: "" } },
    settings: {
      audio: { mic_default_on: true },
      recording: { mode: "available" },
      transcription: { mode: "available" },
    },
    team: "",
  };
}

const base = (type: string, { meetingId, at }: CallFacts) => ({
  type,
  call_cid: `default:${meetingId}`,
  created_at: streamTime(at),
});

const userObject = (id: string, name = id) => ({
  id,
  name,
  role: "user",
  language: "",
  custom: {},
  teams: [],
  banned: false,
  online: true,
});

const participant = ({ userId, name, joinedAt, at }: CallFacts & PersonFacts) => ({
  user: userObject(userId, name),
  user_session_id: `user-session-${userId}`,
  role: "user",
  joined_at: streamTime(joinedAt ?? at),
});

const fileOf = (facts: CallFacts & { url: string; startedAt: Date; endedAt: Date }, ending: string) => ({
  filename: `rec_default_${facts.meetingId}_${facts.startedAt.getTime()}.${ending}`,
  url: facts.url,
  start_time: streamTime(facts.startedAt),
  end_time: streamTime(facts.endedAt),
  session_id: facts.sessionId,
});
