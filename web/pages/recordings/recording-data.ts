import { isId } from "#domain/ids.ts";
import { conversationTopic } from "#domain/live.ts";
import { isoOf, momentOf } from "#domain/recorded.ts";
import { roleIn, writingRoles } from "#records/accounts/access.ts";
import { latestAnalysis } from "#records/conversations/analyses.ts";
import type { PrismaClient } from "#records/db.ts";
import { analysisVersions } from "#records/accounts/pages.ts";
import { speechOffer } from "#records/speech-offer.ts";
import { languagesOf } from "../../components/uploads/languages.ts";
import { conversationSnapshot } from "#records/conversations/snapshot.ts";
import { sampleFile } from "../../sample/file-name.ts";

/** What a recording's page shows. `version` asks for an earlier reading. Null: not there, or not this person's. */
export async function recordingData(
  prisma: PrismaClient,
  { userId, id, version }: { userId: string; id: string; version: number | null },
) {
  const snapshot = isId(id) ? await conversationSnapshot(prisma, userId, id) : null;
  const recording = snapshot?.conversation.recording ?? null;
  if (snapshot === null || recording === null) return null;
  const { conversation, run, segments, analysis } = snapshot;
  const recorded = momentOf(recording);
  const role = await roleIn(prisma, userId, conversation.workspaceId);
  return {
    id,
    title: conversation.title,
    language: conversation.language,
    languages: languagesOf(await speechOffer(prisma)),
    createdAt: conversation.createdAt,
    recordedAt: recorded && isoOf(recorded),
    speakers: conversation.speakers,
    file: {
      name: recording.fileName,
      bytes: Number(recording.sizeBytes),
      seconds: recording.durationMs === null ? null : recording.durationMs / 1000,
      isPlayable: recording.renditionKey !== null,
      hasPeaks: recording.peaksKey !== null,
      isSample: recording.fileName === sampleFile,
    },
    speakerNote: recording.speakerNote,
    run,
    segments,
    analysis: version === null ? analysis : await latestAnalysis(prisma, id, version),
    versions: await analysisVersions(prisma, userId, id),
    canWrite: role !== null && writingRoles.includes(role),
    feeds: [{ topic: conversationTopic(id), seq: snapshot.seq }],
  };
}

export type RecordingData = NonNullable<Awaited<ReturnType<typeof recordingData>>>;
