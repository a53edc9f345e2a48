import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MockActivityEnvironment } from "@temporalio/testing";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { createAnalysisActivities } from "#activities/analysis.ts";
import type { Analyst } from "#activities/clients/analyst/analyst.ts";
import { createMediaActivities } from "#activities/media.ts";
import { createRunActivities } from "#activities/runs.ts";
import type { SpeechTools } from "#activities/speech.ts";
import { createFolderStore } from "#records/media/folder-store.ts";
import { addPerson, addRecording } from "#tests/records/people.ts";
import { makeMedia, readPcm } from "#tests/fixtures/make-media.ts";
import { stubEngine } from "./speech/stub-engine.ts";
import { testDatabase } from "#tests/setup/database.ts";

const log = pino({ level: "silent" });
const mediaLimits = { maxDurationSeconds: 60, deadlineMs: 60_000, maxRssMb: 500 };

interface File {
  createdAt?: string;
  fileName: string;
  timeZone?: string;
  said?: Date;
  cutNote?: string;
}

/** What is known of a file's day, and the day that the reader of its transcript was told. */
const dayTold = async (file: File) => (await decodeAndRead(file)).days;

/** Decodes a file and has its transcript read. */
async function decodeAndRead(file: File) {
  await using db = await testDatabase();
  const { prisma } = db;
  const { id, runId } = await addRecording(prisma, await addPerson(prisma));
  const folder = await mkdtemp(join(tmpdir(), "convene-day-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "memo.m4a");
  const samples = (await readPcm("tests/fixtures/two-cities.wav")).slice(0, 32_000);
  await makeMedia({ path, kind: "m4a", samples, ...(file.createdAt ? { createdAt: file.createdAt } : {}) });
  const media = createFolderStore(join(folder, "store"));
  const { size } = await stat(path);
  const { mediaKey } = await prisma.recording.findUniqueOrThrow({ where: { id } });
  await media.putFile(mediaKey, path);
  const { fileName, timeZone = null, said = null, cutNote = null } = file;
  const data = { fileName, timeZone, sizeBytes: size, recordedAt: said, recordedOffset: said && 0, cutNote };
  await prisma.recording.update({ where: { id }, data });
  await prisma.conversation.update({ where: { id }, data: { createdAt: new Date("2026-11-27T23:30:00Z") } });
  await prisma.transcriptSegment.create({
    data: {
      id,
      conversationId: id,
      sequenceNumber: 1,
      sourceKey: "a",
      speaker: "SPEAKER_01",
      text: "Tomorrow.",
      startSeconds: 0,
      endSeconds: 1,
    },
  });

  const { claimRun } = createRunActivities({ prisma, media, log, isExecutionOpen: async () => true });
  await claimRun({ runId, attempt: 1, temporalRunId: "1" });
  const input = { runId, conversationId: id, attempt: 1 };
  const speech: SpeechTools = {
    engine: stubEngine(() => Promise.reject(new Error())),
    diarize: () => Promise.reject(new Error()),
    findStretches: () => Promise.reject(new Error()),
    centsPerMinute: 0,
  };
  const { transcode } = createMediaActivities({ prisma, media, log, scratchDir: folder, mediaLimits, speech });
  await new MockActivityEnvironment().run(transcode, input);
  const days: string[] = [];
  const analyst: Analyst = {
    id: "stub",
    model: "stub",
    promptVersion: "1",
    analyse: async ({ spokenOn }) => {
      days.push(spokenOn);
      return { result: { text: "", bullets: [], actionItems: [], notes: [] }, costCents: 0 };
    },
  };
  const choosePlanReader = () => {
    throw new Error("There is no plan");
  };
  const reading = {
    prisma,
    log,
    chooseAnalyst: () => analyst,
    choosePlanReader,
    meetingModel: "stub",
    spendLimitCents: null,
  };
  await new MockActivityEnvironment().run(createAnalysisActivities(reading).summarise, { ...input, version: 1 });
  const { recordedAt } = await prisma.recording.findUniqueOrThrow({ where: { id } });
  const { warnings } = await prisma.run.findUniqueOrThrow({ where: { id: runId } });
  return { days: [recordedAt?.toISOString() ?? null, ...days], warnings };
}

test("case 25: a memo is dated by its container, in the zone of who uploaded it", async () => {
  const createdAt = "2026-01-05T12:30:00.000000Z";
  expect(await dayTold({ createdAt, fileName: "memo.m4a" })).toEqual(["2026-01-05T12:30:00.000Z", "2026-01-05"]);
  const late = { createdAt: "2026-01-05T23:30:00Z", fileName: "memo.m4a", timeZone: "Europe/Berlin" };
  expect(await dayTold(late)).toEqual(["2026-01-05T23:30:00.000Z", "2026-01-06"]);
});

test("case 25: without a time in the container the file's name tells, and what a person said goes before both", async () => {
  const fileName = "2026-01-05 13.30.00.m4a";
  expect(await dayTold({ fileName, timeZone: "Europe/Berlin" })).toEqual(["2026-01-05T12:30:00.000Z", "2026-01-05"]);
  const said = new Date("2025-12-24T10:00:00Z");
  expect(await dayTold({ fileName, createdAt: "2026-01-05T12:30:00Z", said })).toEqual([
    "2025-12-24T10:00:00.000Z",
    "2025-12-24",
  ]);
});

test("a file that tells nothing is read as of its upload, by the clock of who uploaded it", async () => {
  expect(await dayTold({ fileName: "memo.m4a", timeZone: "Europe/Berlin" })).toEqual([null, "2026-11-28"]);
});

test("a recording that a limit cut off says so on its result", async () => {
  const cutNote = "The recording was cut off, since its owner's space was full.";
  expect((await decodeAndRead({ fileName: "memo.m4a", cutNote })).warnings).toEqual([cutNote]);
});
