import { z } from "zod";

/**
 * Recall's answers, as far as they are used. Codes are open sets: a newer Recall may say more.
 * Sources: docs.recall.ai `reference/bot_retrieve`, `docs/media-shortcuts` and `docs/download-schemas`;
 * recallai/sample-apps `bot_async_transcription/src/schemas`.
 */
const When = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const word = z.string().max(200);

const StatusChange = z.object({ code: word, sub_code: word.nullish(), created_at: When });
export type StatusChange = z.infer<typeof StatusChange>;

/** A file that was made of a recording; its address is there once its status is `done`, and for some hours. */
const Media = z
  .object({ data: z.object({ download_url: z.url({ protocol: /^https?$/ }).nullish() }).nullish() })
  .nullish()
  .transform((media) => media?.data?.download_url ?? null);

const Recording = z.object({
  media_shortcuts: z.object({ audio_mixed: Media, video_mixed: Media, transcript: Media }).nullish(),
});

export const RecallBot = z.object({
  id: word.min(1),
  /** In the order in which they happened. */
  status_changes: z.array(StatusChange).nullish(),
  recordings: z.array(Recording).nullish(),
  /** What its creator gave it; anything, where somebody else has bots in the same workspace. */
  metadata: z.record(z.string(), z.unknown()).nullish(),
});
export type RecallBot = z.infer<typeof RecallBot>;

export const BotPage = z.object({ results: z.array(RecallBot), next: z.string().nullish() });

const Moment = z.object({ relative: z.number() });

/** What was said, part by part; times are seconds from the recording's start. */
export const Transcript = z.array(
  z.object({
    participant: z.object({ name: z.string().nullish() }).nullish(),
    words: z.array(z.object({ text: z.string(), start_timestamp: Moment.nullish(), end_timestamp: Moment.nullish() })),
  }),
);
