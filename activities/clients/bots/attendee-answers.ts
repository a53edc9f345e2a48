import { z } from "zod";

/**
 * Attendee's answers, as far as they are used. States and types are open sets: a newer Attendee may say more.
 * Source: attendee-labs/attendee `bots/serializers.py` (BotSerializer, RecordingSerializer, TranscriptUtteranceSerializer).
 */
const When = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const word = z.string().max(200);

const AttendeeEvent = z.object({ type: word, sub_type: word.nullish(), created_at: When });
export type AttendeeEvent = z.infer<typeof AttendeeEvent>;

export const AttendeeBot = z.object({
  id: word.min(1),
  state: word,
  /** In the order in which they happened. */
  events: z.array(AttendeeEvent),
  deduplication_key: z.string().nullish(),
});
export type AttendeeBot = z.infer<typeof AttendeeBot>;

/** A page of the list, in the order of creation; `next` is the whole address of the following one. */
export const BotPage = z.object({ results: z.array(AttendeeBot), next: z.string().nullish() });

/** `url` is good for half an hour or so; `start_timestamp_ms` is when the file's first sound was heard. */
export const AttendeeRecording = z.object({
  url: z.url({ protocol: /^https?$/ }),
  start_timestamp_ms: z.number().nullish(),
});

/** Times are milliseconds since the epoch. */
const Utterance = z.object({
  speaker_name: z.string().nullish(),
  timestamp_ms: z.number(),
  duration_ms: z.number(),
  transcription: z.object({ transcript: z.string().nullish() }).nullish(),
});
export type Utterance = z.infer<typeof Utterance>;
export const Transcript = z.array(Utterance);

/** The most that a `Date` can hold. */
const latest = 8_640_000_000_000_000;

const ParticipantEvent = z.object({
  participant_uuid: z.string().max(500),
  event_type: word,
  timestamp_ms: z.number().min(0).max(latest),
});
export type ParticipantEvent = z.infer<typeof ParticipantEvent>;

/** A page of them, in the order of creation. */
export const ParticipantEventPage = z.object({ results: z.array(ParticipantEvent), next: z.string().nullish() });
