import { z } from "zod";

/** A part of a recording under way for which there was no room: how far it would have reached, and why not. */
export const Refused = z.object({ upTo: z.number(), code: z.string() });
export type Refused = z.infer<typeof Refused>;

const reasons: Record<string, string> = {
  quota_exceeded: "its owner's space was full",
  too_large: "it had reached the largest size that this server takes",
};

/** What a reader must know of a recording that ended before the talk did; null: all of it is there. */
export function cutNoteOf(refused: Refused | undefined, sizeBytes: number): string | null {
  if (refused === undefined || sizeBytes >= refused.upTo) return null;
  const reason = reasons[refused.code] ?? "there was no room for more";
  return `The recording was cut off, since ${reason}. What was said after that is missing.`;
}
