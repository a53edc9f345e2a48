import { meetingViewOf } from "#domain/meeting-view.ts";
import type { PracticeRole } from "#domain/practice.ts";
import type { MeetingSnapshot } from "#records/meetings/meeting-snapshot.ts";
import type { WebEnv } from "../env.ts";
import { createPracticeTickets } from "../practice/ticket.ts";
import type { JoinAnswer } from "./join-answer.ts";
import { streamToken } from "./stream-token.ts";

/** Somebody who wants to join; that they may is settled. */
export interface Joiner {
  participantId: string;
  name: string;
  role: PracticeRole;
}

export type Admission = { ok: true; answer: JoinAnswer } | { ok: false; message: string };

type Joinable = Pick<MeetingSnapshot, "id" | "provider" | "agent" | "run">;
type CallEnv = Pick<
  WebEnv,
  "CONVENE_SECRET" | "PUBLIC_URL" | "STREAM_API_KEY" | "STREAM_API_SECRET" | "STREAM_BASE_URL"
>;

/** What lets a person into a meeting's call; a sentence where the meeting is not one to be joined now. */
export async function admit(env: CallEnv, meeting: Joinable, joiner: Joiner): Promise<Admission> {
  const view = meetingViewOf(meeting.run);
  if (view !== "upcoming" && view !== "active") return { ok: false, message: "This call is over." };
  if (meeting.agent === null) {
    return { ok: false, message: "The agent of this meeting was deleted. Choose another one for it first." };
  }
  if (meeting.provider === "practice") return { ok: true, answer: await practiceSeat(env, meeting.id, joiner) };
  const { STREAM_API_KEY: apiKey, STREAM_API_SECRET: apiSecret, STREAM_BASE_URL: baseUrl } = env;
  if (apiKey === undefined || apiSecret === undefined) {
    return { ok: false, message: "This meeting's call is held at Stream Video, which is not set up on this server." };
  }
  const userId = joiner.participantId;
  const token = await streamToken({ apiSecret, userId, meetingId: meeting.id });
  const where = baseUrl === undefined ? {} : { baseUrl };
  return { ok: true, answer: { provider: "stream", apiKey, token, userId, callId: meeting.id, ...where } };
}

async function practiceSeat(env: CallEnv, meetingId: string, joiner: Joiner): Promise<JoinAnswer> {
  const ticket = await createPracticeTickets(env.CONVENE_SECRET).issueTicket({ meetingId, ...joiner });
  const url = new URL(`/ws/practice/${meetingId}`, env.PUBLIC_URL.replace(/^http/, "ws"));
  url.searchParams.set("ticket", ticket);
  return { provider: "practice", ticket, url: url.href };
}
