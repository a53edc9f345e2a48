/**
 * Workflow ids. The id is the identity of the work: starting the same id twice is refused by Temporal,
 * so these functions are the idempotency rule, and operators find any run by what it works on.
 */
export const recordingWorkflowId = (conversationId: string) => `recording:${conversationId}`;

/** A re-run of the analysis with another prompt, template or model: one workflow per version. */
export const analysisWorkflowId = (conversationId: string, version: number) => `analysis:${conversationId}:${version}`;

/** A live meeting, from its creation to its result. */
export const meetingWorkflowId = (meetingId: string) => `meeting:${meetingId}`;

/** The agent's link to a meeting's call: a workflow of its own, which outlives every roll-over of the meeting's. */
export const agentWorkflowId = (meetingId: string) => `agent:${meetingId}`;

/** A bot's visit to one occurrence of a meeting. */
export const recorderWorkflowId = (recorderId: string) => `recorder:${recorderId}`;

/** What becomes of one video of a channel; its conversation has the same id. */
export const videoWorkflowId = (channelId: string, videoId: string) => `video:${channelId}:${videoId}`;

/** Brings in what a channel published since a date; `number` counts those of the same date from 1. */
export const backfillWorkflowId = (channelId: string, since: Date, number: number) =>
  `backfill:${channelId}:${since.toISOString()}:${number}`;

/** Another cut of an episode, which becomes its revision of this number. */
export const cutWorkflowId = (episodeId: string, revision: number) => `cut:${episodeId}:${revision}`;

/** The wait for a person's decision on an episode that is held, in this revision. */
export const reviewWorkflowId = (episodeId: string, revision: number) => `review:${episodeId}:${revision}`;

/** A look at a channel's source that a person asked for. */
export const channelCheckWorkflowId = (channelId: string) => `channel-check:${channelId}`;

/** A calendar's sync that a person asked for. */
export const calendarSyncWorkflowId = (calendarId: string) => `calendar-sync:${calendarId}`;

/** Where people find a conversation's page, below the server's address. */
export const conversationPath = (kind: string, id: string) =>
  `/${kind === "meeting" ? "meetings" : "recordings"}/${id}`;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** Whether a string has the form of a UUID; a lookup with anything else must be "not found", never a database error. */
export const isId = (value: string) => uuid.test(value);
