import { isId } from "#domain/ids.ts";
import { conversationTopic } from "#domain/live.ts";
import { isoOf, momentOf } from "#domain/recorded.ts";
import { roleIn, writingRoles } from "#records/accounts/access.ts";
import type { Recording } from "#prisma/generated/client.ts";
import { videoOf } from "#records/channels/videos.ts";
import { latestAnalysis } from "#records/conversations/analyses.ts";
import type { PrismaClient } from "#records/db.ts";
import { analysisVersions } from "#records/conversations/analysis-versions.ts";
import { speechOffer } from "#records/speech-offer.ts";
import { languagesOf } from "../../components/uploads/languages.ts";
import { conversationSnapshot } from "#records/conversations/snapshot.ts";
import { sampleFile } from "../../sample/file-name.ts";

/**
 * What the page of a recording shows, or of a channel's video, which has no file before it was fetched. `version` asks
 * for an earlier reading. Null: not there, or not this person's.
 */
export async function recordingData(
  prisma: PrismaClient,
  { userId, id, version }: { userId: string; id: string; version: number | null },
) {
  const snapshot = isId(id) ? await conversationSnapshot(prisma, userId, id) : null;
  if (snapshot === null) return null;
  const { conversation, run, segments, merges, analysis } = snapshot;
  const { recording } = conversation;
  const video = conversation.kind === "video" ? await videoOf(prisma, id) : null;
  if (recording === null && video === null) return null;
  const recorded = recording && momentOf(recording);
  const role = await roleIn(prisma, userId, conversation.workspaceId);
  return {
    id,
    title: conversation.title,
    language: conversation.language,
    languages: languagesOf(await speechOffer(prisma)),
    createdAt: conversation.createdAt,
    recordedAt: recorded && isoOf(recorded),
    speakers: conversation.speakers,
    merges,
    /** Of a channel's video: the channel, and when its source published it. */
    video,
    file: recording && fileOf(recording),
    speakerNote: recording?.speakerNote ?? null,
    run,
    segments,
    analysis: version === null ? analysis : await latestAnalysis(prisma, id, version),
    versions: await analysisVersions(prisma, userId, id),
    canWrite: role !== null && writingRoles.includes(role),
    feeds: [{ topic: conversationTopic(id), seq: snapshot.seq }],
  };
}

const fileOf = ({ fileName, sizeBytes, durationMs, renditionKey, peaksKey }: Recording) => ({
  name: fileName,
  bytes: Number(sizeBytes),
  seconds: durationMs === null ? null : durationMs / 1000,
  isPlayable: renditionKey !== null,
  hasPeaks: peaksKey !== null,
  isSample: fileName === sampleFile,
});

export type RecordingData = NonNullable<Awaited<ReturnType<typeof recordingData>>>;
