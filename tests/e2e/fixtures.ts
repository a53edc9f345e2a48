import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { storeAnalysis } from "#records/conversations/analyses.ts";
import { announce } from "#records/live/feed.ts";
import { newId } from "#records/ids.ts";
import { mediaKeys } from "#records/media/media-store.ts";
import { createRecording } from "#records/conversations/recordings.ts";
import { applyRunEvent } from "#records/runs/runs.ts";
import { storeSegments } from "#records/conversations/segments.ts";
import { addWarning, beginTry, endStage } from "#records/runs/run-stages.ts";
import type { Pages } from "./pages-server.ts";

type Deps = Pages["deps"];
interface Owner {
  userId: string;
  workspaceId: string;
}

const talk = [
  ["SPEAKER_01", "Good morning, everyone. Thanks for making the time so early."],
  ["SPEAKER_01", "I would like to settle the launch date today, and then walk through what the beta told us."],
  [
    "SPEAKER_02",
    "Before we do, <b>one thing</b>: the import still drops rows when a file has more than a million lines.",
  ],
  ["SPEAKER_03", "I have seen that as well. It is the batch size; I can fix it by Thursday."],
  ["SPEAKER_01", "Then let us agree: we launch on the third of December, provided the import holds."],
  ["SPEAKER_02", "Agreed. I will write to the beta customers this afternoon so that nobody is surprised."],
  ["SPEAKER_03", "What about the price for teams above fifty people? That is still open."],
  ["SPEAKER_01", "Let us take that next week with the figures from Paula."],
] as const;

/** A recording's rows as its upload makes them; `at` is its run. */
export async function addRecording({ prisma, media }: Deps, owner: Owner, title: string) {
  const id = newId();
  const mediaKey = mediaKeys(id).original;
  const path = join(tmpdir(), `${id}.mp3`);
  await writeFile(path, await readFile(new URL("../fixtures/sample-recording.mp3", import.meta.url)));
  await media.putFile(mediaKey, path);
  await createRecording(prisma, {
    id,
    ownerId: owner.userId,
    workspaceId: owner.workspaceId,
    title,
    language: "en",
    fileName: `${title.toLowerCase().replaceAll(/\W+/g, "-")}.mp3`,
    mediaKey,
    sha256: createHash("sha256").update(id).digest("hex"),
    sizeBytes: 355_245,
    speakerCount: null,
    allowDuplicate: true,
  });
  const run = await prisma.run.findFirstOrThrow({ where: { conversationId: id }, select: { id: true } });
  return { id, runId: run.id };
}

/** A run in the middle of its transcription, with the first words. */
export async function addRunning(deps: Deps, owner: Owner, title = "Customer interview, Nordwind") {
  const made = await addRecording(deps, owner, title);
  await passStages(deps, made.runId, ["transcode", "diarization"]);
  await beginTry(deps.prisma, { runId: made.runId, attempt: 1, stage: "transcription" });
  await say(deps, made.id, talk.slice(0, 3));
  await deps.prisma.$transaction((tx) =>
    applyRunEvent(tx, made.runId, { type: "progress", stage: "transcription", fraction: 0.35 }),
  );
  return made;
}

/** A run that gave up in its transcription. */
export async function addFailed(deps: Deps, owner: Owner, title = "Board call") {
  const made = await addRecording(deps, owner, title);
  await passStages(deps, made.runId, ["transcode", "diarization"]);
  await beginTry(deps.prisma, { runId: made.runId, attempt: 1, stage: "transcription" });
  const message =
    "The speech or language service did not answer, though it was tried several times. Retry later to go on from here.";
  await deps.prisma.$transaction(async (tx) => {
    await endStage(tx, { runId: made.runId, stage: "transcription" }, "failed", message);
    const error = { code: "provider_unavailable", message, stage: "transcription", attempt: 1 } as const;
    await applyRunEvent(tx, made.runId, { type: "failed", error });
  });
  return made;
}

/** A finished recording with speakers, summary, decisions, tasks, a warning and a statement without evidence. */
export async function addFinished(deps: Deps, owner: Owner, title = "Launch planning") {
  const { prisma, media } = deps;
  const made = await addRecording(deps, owner, title);
  await passStages(deps, made.runId, ["transcode", "diarization", "transcription", "alignment", "summary"]);
  await say(deps, made.id, talk);
  await media.putText(mediaKeys(made.id).peaks, JSON.stringify(peaks()));
  await prisma.recording.update({
    where: { id: made.id },
    data: {
      durationMs: 44_250,
      renditionKey: mediaKeys(made.id).original,
      renditionType: "audio/mpeg",
      peaksKey: mediaKeys(made.id).peaks,
      speakerMethod: "embedded",
      speechModel: "moonshine-tiny",
      speakerNote: "Speakers were told apart by voice. Labels can be wrong where people talk over each other.",
    },
  });
  await prisma.speaker.update({
    where: { conversationId_label: { conversationId: made.id, label: "SPEAKER_01" } },
    data: { displayName: "Ada Lindqvist" },
  });
  const ids = await segmentIds(deps, made.id);
  const at = (index: number) => [ids[index] ?? ""];
  await prisma.$transaction(async (tx) => {
    await addWarning(tx, made.runId, "12 seconds at 0:31 could not be transcribed.");
    const result = {
      text: "The team settled the launch date and looked at what the beta has shown. The import is the one risk left.",
      bullets: [
        {
          kind: "point" as const,
          text: "The import drops rows of files with more than a million lines.",
          segmentIds: at(2),
          supported: true,
        },
        {
          kind: "point" as const,
          text: "The beta customers were content with the new editor.",
          segmentIds: [],
          supported: false,
        },
        {
          kind: "decision" as const,
          text: "The launch is on 3 December, provided the import holds.",
          segmentIds: at(4),
          supported: true,
        },
        {
          kind: "question" as const,
          text: "What do teams above fifty people pay?",
          segmentIds: at(6),
          supported: true,
        },
      ],
      actionItems: [
        { text: "Fix the batch size of the import", owner: "Speaker 3", due: "2026-11-26", segmentIds: at(3) },
        { text: "Write to the beta customers", owner: "Speaker 2", due: null, segmentIds: at(5) },
      ],
      notes: ["Statements marked because no part of the transcript was found that supports them: 1."],
    };
    const ref = { conversationId: made.id, version: 1 };
    await announce(tx, await storeAnalysis(tx, ref, { result, model: "extractive", promptVersion: "1", costCents: 0 }));
    await applyRunEvent(tx, made.runId, { type: "completed" });
  });
  return made;
}

/** Stores what was said and tells the feed, as the worker does. */
export async function say({ prisma }: Deps, conversationId: string, lines: readonly (readonly [string, string])[]) {
  const start = (await prisma.transcriptSegment.count({ where: { conversationId } })) * 5;
  const segments = lines.map(([speaker, text], index) => ({
    sourceKey: `line-${start + index * 5}`,
    speaker,
    text,
    start: start + index * 5 + 0.5,
    end: start + index * 5 + 5,
  }));
  await prisma.$transaction(async (tx) => announce(tx, await storeSegments(tx, conversationId, segments)));
}

async function segmentIds({ prisma }: Deps, conversationId: string) {
  const rows = await prisma.transcriptSegment.findMany({
    where: { conversationId },
    select: { id: true },
    orderBy: { sequenceNumber: "asc" },
  });
  return rows.map(({ id }) => id);
}

async function passStages({ prisma }: Deps, runId: string, stages: Parameters<typeof beginTry>[1]["stage"][]) {
  await prisma.$transaction((tx) => applyRunEvent(tx, runId, { type: "started" }));
  for (const stage of stages) {
    await beginTry(prisma, { runId, attempt: 1, stage });
    await prisma.$transaction((tx) => endStage(tx, { runId, stage }, "completed", ""));
  }
}

const peaks = () => ({
  version: 1,
  durationSeconds: 44.25,
  valuesPerSecond: 20,
  values: Array.from({ length: 885 }, (_, i) =>
    Math.round(Math.abs(90 * Math.sin(i / 9) + 70 * Math.sin(i / 31) + 60 * Math.sin(i))),
  ),
});
