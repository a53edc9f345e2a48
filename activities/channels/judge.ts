import { ApplicationFailure } from "@temporalio/common";
import { findMainContent } from "#domain/channels/judgement/main-content.ts";
import { decidePublication, usualThresholds } from "#domain/channels/judgement/decide.ts";
import { verifiedReading } from "#domain/channels/judgement/reading.ts";
import type { ContentReading } from "#domain/channels/judgement/reading.ts";
import { endMayBeMissing, mayBeForeign } from "#domain/run-warnings.ts";
import { unclear } from "#domain/transcript.ts";
import type { Segment } from "#domain/transcript.ts";
import type { StoredDecision } from "#records/channels/decisions.ts";
import { segmentsOf } from "#records/conversations/segments.ts";
import type { PrismaClient } from "#records/db.ts";
import { detectedSpeech } from "#records/runs/detected-speech.ts";
import type { AnalyseOptions } from "../clients/analyst/analyst.ts";
import type { ContentReader } from "../clients/analyst/content/content-reader.ts";
import { findRecording } from "../media.ts";
import { requireBudget } from "../spend-limit.ts";

/** Of what a source says of a video's length, what may be missing without anybody's noticing. */
const lengthLeeway = { share: 0.05, seconds: 5 };

interface Deps {
  prisma: PrismaClient;
  /** Not given: nobody here understands what is said. */
  contentReader?: ContentReader | null;
  spendLimitCents: number | null;
}

interface Order {
  runId: string;
  video: { id: string; title: string; durationSeconds: number | null; channel: { language: string | null } };
}

interface Judged {
  decision: StoredDecision;
  costCents: number;
  /** What a person must know of how it was judged. */
  notes: string[];
}

/**
 * Judges which part of a file is the content, and whether that may go out without a person: by how the file is built, and,
 * with a language model, by what it takes for the content, as far as its quotes are in the transcript. Where no word was
 * understood the whole file is the content.
 */
export async function judgeVideo(deps: Deps, { runId, video }: Order, options: AnalyseOptions): Promise<Judged> {
  const { prisma } = deps;
  const recording = await findRecording(prisma, video.id);
  const durationMs = recording.durationMs ?? 0;
  const segments = await segmentsOf(prisma, video.id);
  const { warnings } = await prisma.run.findUniqueOrThrow({ where: { id: runId }, select: { warnings: true } });
  const warned = (words: string) => (warnings as string[]).some((warning) => warning.endsWith(words));
  const speakersKnown = recording.speakerMethod !== null;
  const { reading, ...read } = await readBySense(deps, { video, segments }, options);
  const voice = await detectedSpeech(prisma, video.id);
  const content = findMainContent({ segments, durationMs, voice, speakersKnown, reading });
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
  return { decision: { ...decision, startMs: content?.startMs ?? 0, endMs: content?.endMs ?? durationMs }, ...read };
}

interface Read extends Omit<Judged, "decision"> {
  reading: ContentReading | null;
}

const unread: Read = { reading: null, costCents: 0, notes: [] };

// What no further try can mend costs an episode its reader, not its being made.
async function readBySense(
  { prisma, contentReader, spendLimitCents }: Deps,
  { video, segments }: { video: Order["video"]; segments: readonly Segment[] },
  options: AnalyseOptions,
): Promise<Read> {
  const understood = segments.filter(({ text }) => text !== unclear);
  if (!contentReader || understood.length === 0) return unread;
  const request = { title: video.title, segments: understood, language: video.channel.language ?? "" };
  try {
    await requireBudget(prisma, spendLimitCents);
    const { claim, costCents } = await contentReader.readContent(request, options);
    const reading = verifiedReading(claim, understood);
    const notes =
      reading === null ? ["The language model quoted words for the episode's borders that nobody said."] : [];
    return { reading, costCents, notes };
  } catch (error) {
    if (!(error instanceof ApplicationFailure) || error.nonRetryable !== true) throw error;
    return { ...unread, notes: [`No language model was asked for the episode's borders: ${error.message}`] };
  }
}
