import { expect, test } from "vitest";
import { latestAnalysis, storeAnalysis, storePlanReading } from "#records/conversations/analyses.ts";
import { announce } from "#records/live/feed.ts";
import { segmentsOf, storeSegments } from "#records/conversations/segments.ts";
import { addWarning } from "#records/runs/run-stages.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { uncleanText } from "#tests/web/hostile.ts";
import { addMeeting } from "#tests/web/meeting-fixtures.ts";
import { addPerson } from "./people.ts";

const odd = "a\0\ud800\u001b[31m\u0085b";
const clean = "a\ufffd[31mb";

test("case 15: what recognisers and models answer is kept clean, and what is nothing but such characters is not kept", async () => {
  await using db = await testDatabase();
  const owner = await addPerson(db.prisma);
  const { id } = await addMeeting(db.prisma, owner);
  const words = [odd, "\0", "\ud800", " \u001b "].map((text, index) => ({
    sourceKey: `user:${index}`,
    speaker: "user",
    text,
    start: index,
    end: index + 1,
  }));
  await db.prisma.$transaction(async (tx) => announce(tx, await storeSegments(tx, id, words)));
  const segments = await segmentsOf(db.prisma, id);
  expect(segments.map(({ text, sequenceNumber }) => [text, sequenceNumber])).toEqual([
    [clean, 1],
    ["\ufffd", 2],
  ]);
  const ref = { conversationId: id, version: 1 };
  const statement = { segmentIds: [segments[0]?.id ?? ""], supported: true };
  const result = {
    text: odd,
    bullets: [odd, "\0"].map((text) => ({ kind: "point" as const, text, ...statement })),
    actionItems: [odd, " \0"].map((text) => ({ text, owner: odd, due: null, segmentIds: [] })),
    notes: [odd],
  };
  const run = await db.prisma.run.findFirstOrThrow({ where: { conversationId: id }, select: { id: true } });
  await db.prisma.$transaction((tx) => addWarning(tx, run.id, `The service said: ${odd}`));
  const reading = { progressSummary: odd, updatedProgress: [{ session_name: odd }], nextSessionPrompt: odd };
  await db.prisma.$transaction(async (tx) => {
    await announce(tx, await storeAnalysis(tx, ref, { result, model: "m", promptVersion: "1", costCents: 0 }));
  });
  expect(await latestAnalysis(db.prisma, id)).toMatchObject({
    summary: { text: clean, bullets: [{ text: clean }] },
    actionItems: [{ text: clean, owner: clean }],
    notes: [clean],
  });
  await db.prisma.$transaction(async (tx) => announce(tx, await storePlanReading(tx, ref, reading, 0)));
  expect(await latestAnalysis(db.prisma, id)).toMatchObject({ summary: { text: clean } });
  expect(await uncleanText(db.prisma)).toEqual([]);
});
