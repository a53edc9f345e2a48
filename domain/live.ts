import { z } from "zod";
import type { ChannelRoomEvents } from "./channels/events.ts";
import type { EpisodeState } from "./channels/publication.ts";
import type { RunState } from "./run.ts";
import type { ServerRole } from "./server-role.ts";
import type { Segment } from "./transcript.ts";

/**
 * The live feed's contract between web server and browser. A topic is a stream of events numbered from 1 without
 * gaps; a client says the last number it has and receives everything after it, once and in order.
 */
export const conversationTopic = (id: string) => `conversation:${id}`;
export const workspaceTopic = (id: string) => `workspace:${id}`;
export const channelTopic = (id: string) => `channel:${id}`;
export const userTopic = (id: string) => `user:${id}`;

/**
 * Where changes of a run, or of what it works on, are told: on its conversation's own page, where it has one, on its
 * channel's, where it belongs to one, and in every list of its workspace. What its owner is to know besides goes to their own topic, as a notice.
 */
export const changeTopics = (of: {
  conversationId: string | null;
  channelId?: string | null;
  workspaceId: string;
}): string[] => [
  ...(of.conversationId === null ? [] : [conversationTopic(of.conversationId)]),
  ...(of.channelId ? [channelTopic(of.channelId)] : []),
  workspaceTopic(of.workspaceId),
];

const topicForm = /^(conversation|workspace|user|channel):([0-9A-Za-z-]{1,64})$/;

export function parseTopic(
  topic: string,
): { kind: "conversation" | "workspace" | "user" | "channel"; id: string } | null {
  const match = topicForm.exec(topic);
  if (!match) return null;
  return { kind: match[1] as "conversation", id: match[2] as string };
}

/** Client → server. `after` is the last sequence number the client has seen (0 for all that is kept). */
export const Subscribe = z.object({ topic: z.string().max(100), after: z.number().int().min(0) });
export type Subscribe = z.infer<typeof Subscribe>;

/** Server's answer to a subscribe. `retry` is set when trying again can help. */
export type SubscribeReply =
  | { ok: true; topic: string }
  | { ok: false; topic: string; code: "unauthenticated" | "not_found" | "invalid" | "gap" | "limit"; message: string };

/** Server → client, and a row of `live_event`: one of each type, with that type's data. `at` is an ISO 8601 UTC time. */
export type LiveEvent = {
  [Type in LiveEventType]: { topic: string; seq: number; type: Type; data: LiveEventData[Type]; at: string };
}[LiveEventType];

/** Of the events about runs, which all have the same data. */
export type RunLiveEvent = Extract<LiveEvent, { type: `run.${string}` }>;
export const isRunEvent = (event: LiveEvent): event is RunLiveEvent => event.type.startsWith("run.");

/**
 * An event on its way to a client. `prev` is the number of the event before it in the feed, usually `seq - 1`, less
 * where something between was deleted: a client whose last number is smaller than `prev` has missed something.
 */
export type DeliveredEvent = LiveEvent & { prev: number };

/**
 * Server → client: a subscription ended by itself. `gap`: events after the client's number are no longer kept, so it
 * reads its snapshot anew; `not_found`: the topic is gone or no longer the person's to watch.
 */
export interface SubscriptionEnd {
  topic: string;
  code: "gap" | "not_found";
}

/** What the two sides of the Socket.IO connection say. `signed_out` comes right before the server hangs up. */
export interface LiveServerEvents {
  event: (event: DeliveredEvent) => void;
  gone: (end: SubscriptionEnd) => void;
  signed_out: () => void;
  "job:progress": (data: ChannelRoomEvents["job:progress"]) => void;
  "job:completed": (data: ChannelRoomEvents["job:completed"]) => void;
  "job:failed": (data: ChannelRoomEvents["job:failed"]) => void;
  "video:discovered": (data: ChannelRoomEvents["video:discovered"]) => void;
  "backfill:started": (data: ChannelRoomEvents["backfill:started"]) => void;
  "backfill:completed": (data: ChannelRoomEvents["backfill:completed"]) => void;
  "backfill:failed": (data: ChannelRoomEvents["backfill:failed"]) => void;
}
export interface LiveClientEvents {
  subscribe: (request: Subscribe, reply: (reply: SubscribeReply) => void) => void;
  unsubscribe: (request: { topic: string }) => void;
  "subscribe:agent": (agentId: string) => void;
  "unsubscribe:agent": (agentId: string) => void;
}

/** What each type of event tells. Data are plain JSON. */
export interface LiveEventData {
  "run.created": RunEventData;
  "run.started": RunEventData;
  "run.stage": RunEventData;
  "run.progress": RunEventData;
  "run.completed": RunEventData;
  "run.failed": RunEventData;
  "run.cancelled": RunEventData;
  "run.cancel_requested": RunEventData;
  "segment.added": SegmentEventData;
  "result.ready": ResultEventData;
  "meeting.changed": MeetingEventData;
  "conversation.changed": ConversationEventData;
  "conversation.deleted": { conversationId: string };
  /** An empty name gives "Speaker 1" back. */
  "speaker.renamed": { label: string; displayName: string };
  /** Words that a person gave to another speaker of the conversation. */
  "segments.reassigned": { segmentIds: string[]; label: string };
  /** A person put the words right: `heard` is what the source said, null where it is said again. */
  "segment.corrected": { segmentId: string; text: string; originalText: string | null };
  /** All words of `label` are those of `into` now. */
  "speakers.merged": { label: string; into: string };
  /** The merge was undone: what it moved and is still `into`'s is that of `label` again. Which that is, the transcript says. */
  "speakers.unmerged": { label: string; into: string };
  "action_item.changed": { id: string; done: boolean };
  "notification.added": NoticeEventData;
  "access.changed": { workspaceId: string; role: string | null };
  /** A person became an administrator of the server, or is none any more. */
  "role.changed": { role: ServerRole };
  /** All of a person's sessions and keys have ended. */
  "access.ended": Record<string, never>;
  "calendar.changed": CalendarChangeData;
  "channel.changed": { channelId: string };
  "channel.deleted": { channelId: string };
  "video.discovered": VideoEventData;
  "episode.ready": EpisodeEventData;
  "episode.changed": EpisodeChangeData;
  "backfill.started": { channelId: string; backfillId: string; totalVideos: number; since: string };
  "backfill.completed": { channelId: string; backfillId: string; totalFound: number; totalEnqueued: number };
}
export type LiveEventType = keyof LiveEventData;

/** Data of every `run.*` event. On `workspace:` topics it is the same, so lists need nothing else. */
export interface RunEventData extends RunState {
  runId: string;
  /** Null where the run works on none yet. */
  conversationId: string | null;
  title: string;
  /** Of a video that a backfill put in line: the backfill's run. */
  backfillId?: string;
}

/** Data of `segment.added`. */
export type SegmentEventData = Segment;

/** Data of `result.ready`. The full result is read from its page or API; watchers of the feed get what they show. */
export interface ResultEventData {
  analysisId: string;
  version: number;
  summary: { text: string; bullets: { kind: string; text: string; segmentIds: string[]; supported: boolean }[] };
  actionItems: { id: string; text: string; owner: string | null; due: string | null; segmentIds: string[] }[];
}

/** Data of `meeting.changed`: the call as its page shows it. Times are ISO 8601 UTC, or null. */
export interface MeetingEventData {
  conversationId: string;
  scheduledAt: string | null;
  startedAt: string | null;
  endedAt: string | null;
  agentState: string;
  agentMessage: string;
}

/** Data of `conversation.changed`: what is new of it. Neither title nor day: something that only its page shows. */
interface ConversationEventData {
  conversationId: string;
  title?: string;
  /** When a recording was made: ISO 8601 with its offset, or null where nobody knows. */
  recordedAt?: string | null;
}

/** Data of `notification.added`. */
interface NoticeEventData {
  id: string;
  type: string;
  title: string;
  body: string;
  /** The page to read on at, as a path; null where there is none. */
  link: string | null;
  conversationId: string | null;
}

/**
 * Data of `calendar.changed`, on the owner's own topic: the state of a calendar, its events or what was decided about
 * them; null where it is about all calendars.
 */
export interface CalendarChangeData {
  calendarId: string | null;
}

/** Data of `video.discovered`: a video of a channel was put in line. `publishedAt` is an ISO 8601 UTC time. */
interface VideoEventData {
  channelId: string;
  videoId: string;
  title: string;
  publishedAt: string | null;
  /** The backfill that put it in line. */
  backfillId?: string;
}

/** Data of `episode.ready`: a video's job is done, and there is its episode. */
interface EpisodeEventData {
  channelId: string;
  jobId: string;
  videoId: string;
  episodeId: string;
  published: boolean;
  backfillId?: string;
}

/** Data of `episode.changed`: a person published, withdrew or discarded an episode. */
interface EpisodeChangeData {
  channelId: string;
  videoId: string;
  episodeId: string;
  state: EpisodeState;
  published: boolean;
}
