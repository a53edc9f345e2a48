import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MockActivityEnvironment } from "@temporalio/testing";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { createAnalysisActivities } from "#activities/analysis.ts";
import type { Analyst } from "#activities/clients/analyst/analyst.ts";
import type { SpeechEngine } from "#activities/clients/speech/engine.ts";
import type { Foreign } from "#activities/clients/speech/language-mismatch.ts";
import { createSpeechActivities } from "#activities/speech.ts";
import { createRunActivities } from "#activities/runs.ts";
import { createFolderStore } from "#records/media/folder-store.ts";
import { mediaKeys } from "#records/media/media-store.ts";
import { segmentsOf } from "#records/conversations/segments.ts";
import { stretchAt, stubEngine } from "./speech/stub-engine.ts";
import { addPerson, addRecording } from "#tests/records/people.ts";
import { testDatabase } from "#tests/setup/database.ts";
import type { TestDatabase } from "#tests/setup/database.ts";

const log = pino({ level: "silent" });
const mediaLimits = { maxDurationSeconds: 60, deadlineMs: 60_000, maxRssMb: 500 };

/** A recogniser that finds one stretch of speech for each answer, and hears of it what the answer says. */
const engineThatHears = (answers: string[], detects: boolean, foreign: Foreign): SpeechEngine =>
  stubEngine(
    async () => ({
      recognise: async ({ start, end }) => {
        const text = answers[Math.round(start / 10)] ?? "";
        return text === "" ? [] : [{ text, start, end }];
      },
      soundsForeign: async () => foreign,
      close: async () => undefined,
    }),
    { detects },
  );

async function transcribed(
  db: TestDatabase,
  answers: string[],
  { language, detects, foreign = "no" }: { language: string | null; detects: boolean; foreign?: Foreign } = {
    language: "en",
    detects: false,
  },
) {
  const { prisma } = db;
  const { id, runId } = await addRecording(prisma, await addPerson(prisma));
  const folder = await mkdtemp(join(tmpdir(), "convene-unclear-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const media = createFolderStore(folder);
  const speechKey = mediaKeys(id).speech;
  // The engine of this test reads no file, but one has to be there.
  await media.putText(speechKey, "speech");
  await prisma.recording.update({ where: { id }, data: { speechKey } });
  await prisma.conversation.update({ where: { id }, data: { language } });
  const { claimRun } = createRunActivities({ prisma, media, log, isExecutionOpen: async () => true });
  await claimRun({ runId, attempt: 1, temporalRunId: "1" });
  const input = { runId, conversationId: id, attempt: 1 };
  const speech = {
    engine: engineThatHears(answers, detects, foreign),
    findStretches: async () => ({ stretches: answers.map((_, index) => stretchAt(index)), next: null }),
    diarize: async () => Promise.reject(new Error()),
    centsPerMinute: 0,
  };
  const deps = { prisma, media, log, speech, scratchDir: folder, mediaLimits, spendLimitCents: null };
  const { transcribe } = createSpeechActivities(deps);
  const outcome = await new MockActivityEnvironment().run(transcribe, input).catch((error: unknown) => error);
  return { id, runId, input, outcome };
}

test("speech of which nothing was understood is marked and counted, and no summary is made of the mark", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const { id, runId, input } = await transcribed(db, ["Shall we meet on Monday?", "", "Fine."]);
  expect((await segmentsOf(prisma, id)).map(({ text }) => text)).toEqual([
    "Shall we meet on Monday?",
    "(unclear)",
    "Fine.",
  ]);
  const { warnings } = await prisma.run.findUniqueOrThrow({ where: { id: runId } });
  expect(warnings).toEqual([
    'One stretch of speech could not be understood. It is marked "(unclear)" in the transcript.',
  ]);

  const read: string[] = [];
  const analyst: Analyst = {
    id: "stub",
    model: "stub",
    promptVersion: "1",
    analyse: async ({ segments }) => {
      read.push(...segments.map(({ text }) => text));
      return { result: { text: "They meet.", bullets: [], actionItems: [], notes: [] }, costCents: 0 };
    },
  };
  const choosePlanReader = () => {
    throw new Error("There is no plan");
  };
  const { summarise } = createAnalysisActivities({
    prisma,
    log,
    chooseAnalyst: () => analyst,
    choosePlanReader,
    meetingModel: "stub",
    spendLimitCents: null,
  });
  await new MockActivityEnvironment().run(summarise, { ...input, version: 1 });
  expect(read).toEqual(["Shall we meet on Monday?", "Fine."]);
});

test("a recording in which nothing at all was understood has no speech", async () => {
  await using db = await testDatabase();
  expect((await transcribed(db, ["", ""])).outcome).toMatchObject({ type: "no_speech" });
});

test("case 22: an engine that cannot tell languages says what it took the talk for, where nobody said one", async () => {
  await using db = await testDatabase();
  const warningsFor = async (language: string | null, detects: boolean) => {
    const { runId } = await transcribed(db, ["Fine."], { language, detects });
    return (await db.prisma.run.findUniqueOrThrow({ where: { id: runId } })).warnings;
  };
  expect(await warningsFor(null, false)).toEqual(["No language was said, and stub takes everything for English."]);
  expect(await warningsFor(null, true)).toEqual([]);
  expect(await warningsFor("en", false)).toEqual([]);
});

test("case 22: another language than the engine's is refused where nobody said one, or doubted, and else taken as said", async () => {
  await using db = await testDatabase();
  const heard = async (language: string | null, foreign: Foreign) => {
    const { id, runId, outcome } = await transcribed(db, ["And by the Bible."], { language, detects: false, foreign });
    const { warnings } = await db.prisma.run.findUniqueOrThrow({ where: { id: runId } });
    const texts = (await segmentsOf(db.prisma, id)).map(({ text }) => text);
    return { outcome, texts, warnings: (warnings as string[]).join(" ") };
  };
  const refused = await heard(null, "yes");
  expect(refused.outcome).toMatchObject({ type: "language_unsupported" });
  expect(refused.texts).toEqual([]);
  const doubted = await heard(null, "perhaps");
  expect(doubted.texts).toEqual(["And by the Bible."]);
  expect(doubted.warnings).toContain("This may not be English");
  expect(await heard("en", "yes")).toMatchObject({ texts: ["And by the Bible."], warnings: "" });
});
