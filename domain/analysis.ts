import { z } from "zod";

/** What a statement of an analysis claims to be. */
export const bulletKinds = ["point", "decision", "question"] as const;

/** One statement of a summary with the segments it rests on. Without evidence it is marked, never silently kept. */
export const Bullet = z.object({
  kind: z.enum(bulletKinds),
  text: z.string().min(1).max(2000),
  segmentIds: z.array(z.string()).max(50),
  supported: z.boolean(),
});
export type Bullet = z.infer<typeof Bullet>;

/** `due` is an ISO date (YYYY-MM-DD) where the words say one; `owner` a name as spoken, or null. */
export const ActionItem = z.object({
  text: z.string().min(1).max(2000),
  owner: z.string().max(200).nullable(),
  due: z.iso.date().nullable(),
  segmentIds: z.array(z.string()).max(50),
});
export type ActionItem = z.infer<typeof ActionItem>;

/** The result of reading one transcript. `text` is the short prose summary, built from the bullets. */
export const AnalysisResult = z.object({
  text: z.string().max(20_000),
  bullets: z.array(Bullet).max(200),
  actionItems: z.array(ActionItem).max(200),
  /** What a reader must know: statements dropped for want of evidence, parts of the audio without a transcript. */
  notes: z.array(z.string()).max(50),
});
export type AnalysisResult = z.infer<typeof AnalysisResult>;

/** What an analyst reads: segments in order of time. Dates said as "Friday" are resolved against `spokenOn` (ISO date). */
export interface AnalysisRequest {
  segments: { id: string; speaker: string; text: string; start: number; end: number }[];
  spokenOn: string;
  language: string;
  template: string;
  instructions: string;
}
