import { z } from "zod";
import { gapReasons } from "#domain/transcript-gap.ts";
import { meetingStatuses } from "#domain/meeting.ts";
import { ProgressEntry } from "#domain/plan.ts";
import { ActionItem, Id, Instant, RunError, Summary } from "./schemas.ts";

/** What the API's answers say of meetings. */
export const MeetingStatus = z.enum(meetingStatuses);

export const MeetingLinks = z
  .object({
    self: z.string(),
    page: z.string(),
    call: z.string(),
    status: z.string(),
    transcript: z.string(),
    calendar: z.string(),
  })
  .meta({ id: "MeetingLinks" });

export const meetingLinks = (id: string) => ({
  self: `/api/meetings/${id}`,
  page: `/meetings/${id}`,
  call: `/meetings/${id}/call`,
  status: `/api/meetings/${id}/status`,
  transcript: `/api/meetings/${id}/transcript`,
  calendar: `/api/meetings/${id}/calendar.ics`,
});

export const Meeting = z
  .object({
    id: Id,
    name: z.string(),
    status: MeetingStatus,
    stage: z.string(),
    percent: z.number().int(),
    message: z.string(),
    attempt: z.number().int(),
    error: RunError.nullable(),
    userId: Id.nullable().meta({ description: "Who made it, and may end it for all" }),
    workspaceId: Id,
    agentId: Id.nullable().meta({ description: "null once the agent is deleted" }),
    agent: z.object({ id: Id, name: z.string() }).nullable(),
    sessionName: z.string().nullable().meta({ description: "The session of the agent's plan that it is for" }),
    provider: z.enum(["stream", "practice"]),
    scheduledAt: Instant.nullable(),
    durationMinutes: z.number().int(),
    startedAt: Instant.nullable(),
    endedAt: Instant.nullable(),
    createdAt: Instant,
  })
  .meta({ id: "Meeting" });

export const MeetingDetail = Meeting.extend({
  runId: Id,
  prompt: z.string(),
  progress: z.array(ProgressEntry),
  agentState: z.string(),
  agentMessage: z.string(),
  processingStartedAt: Instant.nullable(),
  transcriptCollected: z.boolean(),
  previousId: Id.nullable().meta({ description: "The meeting whose plan this one carries on" }),
  nextId: Id.nullable(),
  nextProblem: z.string().nullable().meta({ description: "Why the next session could not be created" }),
  warnings: z.array(z.string()),
  absences: z
    .array(z.object({ start: z.number(), end: z.number(), reason: z.enum(gapReasons) }))
    .meta({ description: "Stretches of the call that nobody heard, in seconds from its start" }),
  speakers: z.array(z.object({ label: z.string(), displayName: z.string().nullable() })),
  summary: Summary.nullable(),
  actionItems: z.array(ActionItem),
  notes: z.array(z.string()),
  analysisVersion: z.number().int().nullable(),
  links: MeetingLinks,
}).meta({ id: "MeetingDetail" });

/** The reference design's own error body. */
export const PlainError = z.object({ error: z.string() }).meta({ id: "PlainError" });
