import { expect, test } from "vitest";
import { beginTry } from "#records/runs/run-stages.ts";
import { applyRunEvent } from "#records/runs/runs.ts";
import { isHeavy, enqueueRun, announceQueuePlaces } from "#records/runs/turns.ts";
import { addPerson, addRecording } from "#tests/records/people.ts";
import { testDatabase } from "#tests/setup/database.ts";

test("runs that wait for heavy work are told their place as others have their turn, once each, and late ones only", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const person = await addPerson(prisma);
  const runs: string[] = [];
  for (let index = 0; index < 4; index += 1) {
    const { runId } = await addRecording(prisma, person);
    await prisma.$transaction((tx) => applyRunEvent(tx, runId, { type: "started" }));
    if (index < 3) {
      await prisma.run.update({ where: { id: runId }, data: { waitingSince: new Date(Date.now() - 60_000 + index) } });
    }
    runs.push(runId);
  }
  const [first = "", second = "", third = "", newest = ""] = runs;
  await enqueueRun(prisma, newest);
  const tell = () => announceQueuePlaces(prisma, { afterMs: 5_000, most: 50 });
  const words = async () => {
    const rows = await prisma.run.findMany({ where: { id: { in: runs } } });
    return runs.map((id) => rows.find((row) => row.id === id)?.message);
  };
  const told = () => prisma.liveEvent.count({ where: { type: "run.progress" } });

  await tell();
  const line = "Waiting for its turn: ";
  expect(await words()).toEqual([`${line}1st in line`, `${line}2nd in line`, `${line}3rd in line`, "Starting"]);
  const events = await told();
  expect(events).toBeGreaterThan(0);
  await tell();
  expect(await told()).toBe(events);

  await beginTry(prisma, { runId: first, attempt: 1, stage: "transcode" });
  await prisma.$transaction((tx) => applyRunEvent(tx, second, { type: "cancelRequested" }));
  await prisma.$transaction((tx) => applyRunEvent(tx, second, { type: "cancelled" }));
  await tell();
  expect(await words()).toEqual(["Preparing the audio…", "Cancelled", `${line}1st in line`, "Starting"]);

  const since = (await prisma.run.findUniqueOrThrow({ where: { id: third } })).waitingSince;
  await enqueueRun(prisma, third);
  expect((await prisma.run.findUniqueOrThrow({ where: { id: third } })).waitingSince).toEqual(since);
  await enqueueRun(prisma, second);
  expect((await prisma.run.findUniqueOrThrow({ where: { id: second } })).waitingSince).toBeNull();
});

test("heavy is what a recording's run does between its upload and its summary", () => {
  const heavy = (kind: string, stages: string[]) => stages.filter((stage) => isHeavy({ kind, stage }));
  const stages = ["upload", "transcode", "diarization", "transcription", "alignment", "summary", "done"];
  expect(heavy("recording", stages)).toEqual(["transcode", "diarization", "transcription", "alignment"]);
  expect(heavy("meeting", ["upcoming", "call", "drain", "summary", "progress", "done"])).toEqual([]);
});
