import { z } from "zod";
import { accountRoutes } from "./account.ts";
import { agentRoutes } from "./agents.ts";
import { inboxRoutes } from "./inbox.ts";
import { meetingActionRoutes } from "./meeting-actions.ts";
import { meetingAudioRoute } from "./meeting-audio.ts";
import { meetingJoin } from "./meeting-join.ts";
import { meetingStatusRoute } from "./meeting-status.ts";
import { meetingRoutes } from "./meetings.ts";
import { recordingExport } from "./recording-export.ts";
import { mediaRoutes } from "./recording-media.ts";
import { runActionRoutes } from "./recording-run.ts";
import { recordingUpload } from "./recording-upload.ts";
import { recordingRoutes } from "./recordings.ts";
import type { Route } from "./route.ts";
import { runRoutes } from "./runs.ts";
import { transcriptRoutes } from "./transcript.ts";
import { workspaceRoutes } from "./workspaces.ts";

/** Every route of the REST API: what is served, what the docs show and what the access tests go through. */
export const routes: Route[] = [
  ...recordingRoutes,
  recordingUpload,
  ...runActionRoutes,
  ...mediaRoutes,
  recordingExport,
  ...transcriptRoutes,
  ...agentRoutes,
  ...meetingRoutes,
  meetingStatusRoute,
  meetingAudioRoute,
  meetingJoin,
  ...meetingActionRoutes,
  ...runRoutes,
  ...inboxRoutes,
  ...workspaceRoutes,
  ...accountRoutes,
];

const credentials = z.object({ email: z.email(), password: z.string().min(8).max(128) });
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
    answers: { 200: { description: "You are signed in, by cookie" }, 403: { description: "Sign-up is closed" } },
  },
  {
    method: "post",
    path: "/auth/sign-in/email",
    summary: "Sign in",
    tag: "Sign-in",
    access: "anyone",
    body: credentials,
    answers: { 200: { description: "You are signed in, by cookie" }, 429: { description: "Too many failed tries" } },
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
    answers: { 201: { description: "The upload's address is in Location" } },
  },
  {
    method: "patch",
    path: "/uploads/:id",
    summary: "Send the next bytes (tus); the last answer names the recording in X-Conversation-Id",
    tag: "Uploads",
    access: "user",
    answers: { 204: header, 409: { description: "The upload stands elsewhere" } },
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
