import { z } from "zod";
import { newPassword } from "#domain/inputs/account.ts";
import { accountRoutes } from "./account.ts";
import { serverAccountRoutes } from "./accounts.ts";
import { agentRoutes } from "./agents.ts";
import { awaitedSound } from "./awaited.ts";
import { autoJoinRoutes } from "./auto-join.ts";
import { botStatusRoute } from "./bot-status.ts";
import { calendarEventRoutes } from "./calendar-events.ts";
import { calendarRoutes } from "./calendars.ts";
import { channelCoverRoutes } from "./channel-cover.ts";
import { channelFileRoutes } from "./channel-files.ts";
import { channelUpload } from "./channel-upload.ts";
import { channelRoutes } from "./channels.ts";
import { episodeRoutes } from "./episodes.ts";
import { inboxRoutes } from "./inbox.ts";
import { backfillRoutes } from "./backfills.ts";
import { jobRoutes } from "./jobs.ts";
import { listenerRoutes } from "./listeners.ts";
import { liveRoute } from "./live.ts";
import { meetingActionRoutes } from "./meeting-actions.ts";
import { meetingAudioRoute } from "./meeting-audio.ts";
import { meetingCalendarRoute } from "./meeting-calendar.ts";
import { meetingJoin } from "./meeting-join.ts";
import { meetingStatusRoute } from "./meeting-status.ts";
import { meetingRoutes } from "./meetings.ts";
import { mergeRoutes } from "./merges.ts";
import { opmlRoutes } from "./opml.ts";
import { recorderRoutes } from "./recorders.ts";
import { recordingExport } from "./recording-export.ts";
import { mediaRoutes } from "./recording-media.ts";
import { runActionRoutes } from "./recording-run.ts";
import { recordingUpload } from "./recording-upload.ts";
import { recordingRoutes } from "./recordings.ts";
import type { Route } from "./route.ts";
import { runRoutes } from "./runs.ts";
import { sessionRoute } from "./sessions.ts";
import { sourceRoutes } from "./sources.ts";
import { transcriptRoutes } from "./transcript.ts";
import { workspaceRoutes } from "./workspaces.ts";

/** Every route of the REST API: what is served, what the docs show and what the access tests go through. */
export const routes: Route[] = [
  ...recordingRoutes,
  recordingUpload,
  awaitedSound,
  ...runActionRoutes,
  ...mediaRoutes,
  recordingExport,
  ...transcriptRoutes,
  ...mergeRoutes,
  ...agentRoutes,
  ...meetingRoutes,
  meetingStatusRoute,
  meetingAudioRoute,
  meetingCalendarRoute,
  meetingJoin,
  ...meetingActionRoutes,
  ...runRoutes,
  ...calendarRoutes,
  ...calendarEventRoutes,
  ...autoJoinRoutes,
  ...recorderRoutes,
  ...channelRoutes,
  ...sourceRoutes,
  ...opmlRoutes,
  ...episodeRoutes,
  ...listenerRoutes,
  ...channelFileRoutes,
  ...channelCoverRoutes,
  channelUpload,
  ...jobRoutes,
  ...backfillRoutes,
  botStatusRoute,
  sessionRoute,
  liveRoute,
  ...inboxRoutes,
  ...workspaceRoutes,
  ...accountRoutes,
  ...serverAccountRoutes,
];

const credentials = z.object({ email: z.email(), password: newPassword() });
const header = { description: "See tus.io, protocol 1.0.0" };

/** Routes served elsewhere that programs rely on: only described here. */
export const outsideRoutes: (Omit<Route, "run" | "access"> & { access: "anyone" | "user" })[] = [
  {
    method: "post",
    path: "/auth/sign-up/email",
    summary: "Make an account",
    tag: "Sign-in",
    access: "anyone",
    body: credentials.extend({ name: z.string() }),
    answers: {
      200: { description: "You are signed in, by cookie" },
      403: { description: "Sign-up is closed, or a foreign Origin" },
      422: { description: "The account cannot be made with this address" },
    },
  },
  {
    method: "post",
    path: "/auth/sign-in/email",
    summary: "Sign in",
    tag: "Sign-in",
    access: "anyone",
    body: credentials,
    answers: {
      200: { description: "You are signed in, by cookie" },
      401: { description: "Address and password do not fit" },
      429: { description: "Too many failed tries; `Retry-After` says when the next is taken" },
    },
  },
  {
    method: "post",
    path: "/auth/sign-out",
    summary: "Sign out",
    tag: "Sign-in",
    access: "anyone",
    answers: { 200: { description: "The session is over" } },
  },
  {
    method: "get",
    path: "/auth/token",
    summary: "A token of five minutes for the live feed's sockets",
    tag: "Sign-in",
    access: "user",
    answers: { 200: { description: "The token", body: z.object({ token: z.string() }) } },
  },
  {
    method: "post",
    path: "/uploads",
    summary: "Begin a resumable upload (tus); metadata filename, title, language, speakers, workspaceId, duplicate",
    tag: "Uploads",
    access: "user",
    answers: {
      201: { description: "The upload's address is in Location" },
      404: { description: "There is no such workspace, or it is not yours" },
      412: { description: "The version of the protocol is not known" },
      413: { description: "The file is larger than this server allows" },
      507: { description: "Your recordings fill the space you have, or the server has no room left" },
    },
  },
  {
    method: "patch",
    path: "/uploads/:id",
    summary: "Send the next bytes (tus); the last answer names the recording in X-Conversation-Id",
    tag: "Uploads",
    access: "user",
    answers: {
      204: header,
      409: { description: "The upload stands elsewhere, or is whole already" },
      410: { description: "The upload has expired" },
      412: { description: "The version of the protocol is not known" },
      413: { description: "More bytes than were said" },
      423: { description: "Another window sends this file just now" },
      507: { description: "The server has no room left" },
    },
  },
  {
    method: "post",
    path: "/calendar/auto-join/worker",
    summary: "One pass of auto-join, for a scheduler that shows AUTO_JOIN_WORKER_SECRET as its Bearer token",
    tag: "Recorders",
    access: "anyone",
    answers: {
      200: {
        description: "The pass is made",
        body: z.object({ ordered: z.number().int().meta({ description: "How many bots' visits were ordered" }) }),
      },
      401: { description: "The secret is another" },
      404: { description: "No secret is set on this server" },
    },
  },
  {
    method: "delete",
    path: "/uploads/:id",
    summary: "Give an upload up (tus)",
    tag: "Uploads",
    access: "user",
    answers: { 204: header },
  },
];
