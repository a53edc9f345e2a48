import { z } from "zod";

/**
 * Vexa's answers, as far as they are used: a meeting is one record from its plan to its transcript, and a bot's visit is
 * what befalls it. Statuses and reasons are open sets. Sources: Vexa-ai/vexa `docs/docs/api/meetings.mdx`,
 * `core/meetings/contracts/lifecycle.v1/README.md`, and meeting-api's `collector/projection.py` and
 * `recordings/router.py`.
 */
const word = z.string().max(200);
/** Some of its times have no zone, and are UTC. */
const When = z.iso
  .datetime({ offset: true, local: true })
  .transform((text) => new Date(/(Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`));

const Id = z.union([z.number().int(), word.min(1)]).transform(String);
const Media = z.object({ id: Id, type: word.nullish() });
const Recording = z.object({ id: Id, media_files: z.array(Media).nullish() });
const Step = z.object({ to: word, timestamp: When });

const Data = z.object({
  title: z.string().nullish(),
  completion_reason: word.nullish(),
  // In the answer about one meeting alone.
  status_transition: z.array(Step).nullish().catch(null),
  recordings: z.array(Recording).nullish(),
});

export const VexaMeeting = z.object({
  id: Id,
  platform: word,
  native_meeting_id: z.string().max(500).nullish(),
  status: word,
  start_time: When.nullish(),
  end_time: When.nullish(),
  created_at: When.nullish(),
  updated_at: When.nullish(),
  data: Data.nullish(),
});
export type VexaMeeting = z.infer<typeof VexaMeeting>;

/** What says nothing but that it was done; sometimes no body. */
export const Done = z.unknown();

export const Meetings = z.object({ meetings: z.array(VexaMeeting) });

/** `raw_url` is a path of its own. */
export const Master = z.object({ raw_url: z.string().min(1).nullish() });

/** Times are seconds from the session's start; the absolute ones come where they are known. */
const Segment = z.object({
  speaker: z.string().nullish(),
  text: z.string().nullish(),
  start: z.number(),
  end: z.number(),
  completed: z.boolean().nullish(),
  absolute_end_time: When.nullish().catch(null),
});
export const Transcript = z.object({ start_time: When.nullish(), segments: z.array(Segment) });
