import { z } from "zod";
import { Bullet } from "#domain/analysis.ts";
import { runStatuses } from "#domain/run.ts";
import { workspaceRoles } from "#records/accounts/access.ts";

/** What the API's bodies look like over the wire. Times of day are ISO 8601 in UTC, places in a recording seconds. */
export const Instant = z.iso.datetime();
export const Id = z.uuid();
export const IdParams = z.object({ id: z.string() });

export const cursorQuery = {
  cursor: z.uuid().optional().meta({ description: "`nextCursor` of the page before" }),
  limit: z.coerce.number().int().min(1).max(100).default(30),
};
export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

export const RunError = z
  .object({ code: z.string(), message: z.string(), stage: z.string(), attempt: z.number().int() })
  .meta({ id: "RunError" });

export const Run = z
  .object({
    id: Id,
    kind: z.string(),
    conversationId: Id.nullable(),
    title: z.string(),
    status: z.enum(runStatuses),
    stage: z.string(),
    percent: z.number().int(),
    message: z.string(),
    attempt: z.number().int(),
    createdAt: Instant,
    startedAt: Instant.nullable(),
    finishedAt: Instant.nullable(),
  })
  .meta({ id: "Run" });

export const Summary = z.object({ text: z.string(), bullets: z.array(Bullet) }).meta({ id: "Summary" });

export const ActionItem = z
  .object({
    id: Id,
    text: z.string(),
    owner: z.string().nullable(),
    due: z.iso.date().nullable(),
    segmentIds: z.array(z.string()),
    done: z.boolean(),
  })
  .meta({ id: "ActionItem" });

export const Links = z
  .object({ self: z.string(), page: z.string(), transcript: z.string(), audio: z.string() })
  .meta({ id: "Links" });

export const Recording = z
  .object({
    id: Id,
    title: z.string(),
    status: z.enum(runStatuses),
    stage: z.string(),
    percent: z.number().int(),
    message: z.string(),
    attempt: z.number().int(),
    error: RunError.nullable(),
    language: z.string().nullable(),
    durationSeconds: z.number().nullable(),
    createdAt: Instant,
    recordedAt: z.iso.datetime({ offset: true }).nullable(),
    workspaceId: Id,
  })
  .meta({ id: "Recording" });

export const RecordingDetail = Recording.extend({
  runId: Id.nullable(),
  fileName: z.string(),
  sizeBytes: z.number().int(),
  sha256: z.string(),
  speakers: z.array(z.object({ label: z.string(), displayName: z.string().nullable() })),
  speakerNote: z.string().nullable(),
  speechModel: z.string().nullable(),
  warnings: z.array(z.string()),
  summary: Summary.nullable(),
  actionItems: z.array(ActionItem),
  notes: z.array(z.string()),
  analysisVersion: z.number().int().nullable(),
  links: Links,
}).meta({ id: "RecordingDetail" });

export const Segment = z
  .object({
    id: Id,
    sequenceNumber: z.number().int(),
    speaker: z.string().meta({ description: "In a call `user` or `agent`; in a recording as `label`" }),
    label: z
      .string()
      .optional()
      .meta({ description: "Whose words they are where `speaker` does not say it, as in `speakers`" }),
    text: z.string(),
    originalText: z.string().optional().meta({ description: "What was heard, where a person put the words right" }),
    start: z.number(),
    end: z.number(),
  })
  .meta({ id: "Segment" });

export const Role = z.enum(workspaceRoles);
export const Workspace = z
  .object({ id: Id, name: z.string(), role: Role, personal: z.boolean() })
  .meta({ id: "Workspace" });

export const ProblemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string(),
    detail: z.string(),
    requestId: z.string(),
    issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: "Problem" });

export const linksOf = (id: string) => ({
  self: `/api/recordings/${id}`,
  page: `/recordings/${id}`,
  transcript: `/api/recordings/${id}/transcript`,
  audio: `/api/recordings/${id}/audio`,
});
