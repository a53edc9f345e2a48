import { speakerNumber } from "#domain/transcript.ts";
import { segmentsOf } from "#records/conversations/segments.ts";
import type { PrismaClient } from "#records/db.ts";
import { draftOf } from "#records/runs/transcribe-again.ts";
import type { KnownSpeaker, RecogniseContext } from "./clients/speech/engine.ts";

/** For a provider that names speakers: each voice's longest clear stretch so far, so that labels stay the same over pieces. */
export async function knownSpeakers(
  prisma: PrismaClient,
  { id, replaces }: { id: string; replaces: boolean },
): Promise<RecogniseContext> {
  const segments = replaces ? await draftOf(prisma, id) : await segmentsOf(prisma, id);
  const longest = new Map<number, KnownSpeaker>();
  for (const { speaker: label, start, end } of segments) {
    const speaker = speakerNumber(label);
    const best = longest.get(speaker);
    if (end - start < 2 || (best !== undefined && best.end - best.start >= end - start)) continue;
    longest.set(speaker, { speaker, start, end: Math.min(end, start + 10) });
  }
  return { knownSpeakers: [...longest.values()] };
}
