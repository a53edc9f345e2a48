import { findMainContent } from "#domain/channels/judgement/content.ts";
import { decidePublication, usualThresholds } from "#domain/channels/judgement/decide.ts";
import { endMayBeMissing, mayBeForeign } from "#domain/run-warnings.ts";
import type { StoredDecision } from "#records/channels/decisions.ts";
import { segmentsOf } from "#records/conversations/segments.ts";
import type { PrismaClient } from "#records/db.ts";
import { findRecording } from "../media.ts";

/** Of what a source says of a video's length, what may be missing without anybody's noticing. */
const lengthLeeway = { share: 0.05, seconds: 5 };

interface Judged {
  runId: string;
  video: { id: string; durationSeconds: number | null };
}

/**
 * Judges by how a file is built which part of it is the content, and whether that may go out without a person. It
 * understands nothing of what is said. Where no word was understood the whole file is the content.
 */
export async function judgeVideo(prisma: PrismaClient, { runId, video }: Judged): Promise<StoredDecision> {
  const recording = await findRecording(prisma, video.id);
  const durationMs = recording.durationMs ?? 0;
  const segments = await segmentsOf(prisma, video.id);
  const { warnings } = await prisma.run.findUniqueOrThrow({ where: { id: runId }, select: { warnings: true } });
  const warned = (words: string) => (warnings as string[]).some((warning) => warning.endsWith(words));
  const speakersKnown = recording.speakerMethod !== null;
  const content = findMainContent({ segments, durationMs, speakersKnown });
  const expected = (video.durationSeconds ?? 0) * (1 - lengthLeeway.share) - lengthLeeway.seconds;
  const decision = decidePublication(
    {
      content,
      segments,
      isWhole: recording.cutNote === null && !warned(endMayBeMissing) && durationMs / 1000 >= expected,
      soundsForeign: warned(mayBeForeign),
    },
    usualThresholds,
  );
  return { ...decision, startMs: content?.startMs ?? 0, endMs: content?.endMs ?? durationMs };
}
