import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { conversationTopic } from "#domain/live.ts";
import { nameSpeaker } from "#records/conversations/conversations.ts";
import { correctSegment } from "#records/conversations/correct-segment.ts";
import { mergeSpeakers } from "#records/conversations/merge-speakers.ts";
import { reassignSegments } from "#records/conversations/reassign-segments.ts";
import { segmentsOf, storeSegments } from "#records/conversations/segments.ts";
import { openMerges, undoMerge } from "#records/conversations/undo-merge.ts";
import { readEvents } from "#records/live/feed.ts";
import { replaceTranscript } from "#records/runs/transcribe-again.ts";
import { labelOf } from "#domain/transcript.ts";
import { testDatabase } from "#tests/setup/database.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import { addPerson, addRecording } from "./people.ts";

const words = (speakers: readonly number[]) =>
  speakers.map((speaker, index) => ({
    sourceKey: `${index}`,
    speaker: `SPEAKER_0${speaker}`,
    text: `Sentence ${index}.`,
    start: index,
    end: index + 1,
  }));

/** A talk with a sentence of each of these, and what a person does to it. Speakers go by their numbers. */
async function talkOf({ prisma }: TestDatabase, ...speakers: number[]) {
  const { userId, workspaceId } = await addPerson(prisma);
  const { id } = await addRecording(prisma, { userId, workspaceId });
  await prisma.$transaction((tx) => storeSegments(tx, id, words(speakers)));
  const ids = (await segmentsOf(prisma, id)).map((segment) => segment.id);
  const labelled = (speaker: number) => `SPEAKER_0${speaker}`;
  return {
    id,
    userId,
    /** Whose each sentence is. */
    owners: async () => (await segmentsOf(prisma, id)).map((segment) => Number(labelOf(segment).slice(-1))),
    names: async () => {
      const rows = await prisma.speaker.findMany({ where: { conversationId: id }, orderBy: { label: "asc" } });
      return rows.map(({ displayName }) => displayName);
    },
    tasks: async () =>
      (await prisma.actionItem.findMany({ where: { conversationId: id }, orderBy: { position: "asc" } })).map(
        ({ owner }) => owner,
      ),
    addTasks: async (...owners: string[]) => {
      const analysis = { id: randomUUID(), conversationId: id, version: 1, completedAt: new Date() };
      await prisma.analysis.create({ data: analysis });
      const rows = owners.map((owner, position) => ({ id: randomUUID(), position, owner, text: `Task ${position}` }));
      await prisma.actionItem.createMany({
        data: rows.map((row) => ({ ...row, conversationId: id, analysisId: analysis.id })),
      });
    },
    everything: async () => ({
      segments: await prisma.transcriptSegment.findMany({
        where: { conversationId: id },
        orderBy: { sequenceNumber: "asc" },
      }),
      speakers: await prisma.speaker.findMany({ where: { conversationId: id }, orderBy: { label: "asc" } }),
      tasks: await prisma.actionItem.findMany({ where: { conversationId: id }, orderBy: { position: "asc" } }),
    }),
    name: (speaker: number, displayName: string) =>
      nameSpeaker(prisma, { userId, id, label: labelled(speaker), displayName }),
    give: (sentence: number, to: number) =>
      reassignSegments(prisma, { userId, id, segmentIds: [ids[sentence] ?? ""], label: labelled(to) }),
    correct: (sentence: number, text: string) =>
      correctSegment(prisma, { userId, id, segmentId: ids[sentence] ?? "", text }),
    merge: async (speaker: number, into: number) => {
      const merged = await mergeSpeakers(prisma, { userId, id, label: labelled(speaker), into: labelled(into) });
      return merged?.mergeId ?? "";
    },
    undo: (mergeId: string, who = userId) => undoMerge(prisma, { userId: who, id, mergeId }),
    open: async () => (await openMerges(prisma, id)).map((merge) => merge.id),
  };
}

test("a merge that is undone leaves everything as it was: words, names and tasks; twice it is done once", async () => {
  await using db = await testDatabase();
  const talk = await talkOf(db, 1, 2, 3, 2, 1);
  await talk.addTasks("Speaker 1", "Speaker 2", "Ada", "Somebody");
  await talk.name(2, "Ada");
  await talk.give(2, 2);
  const before = await talk.everything();
  const mergeId = await talk.merge(2, 1);
  expect([await talk.owners(), await talk.names()]).toEqual([
    [1, 1, 1, 1, 1],
    ["Ada", null, null],
  ]);
  expect(await talk.tasks()).toEqual(["Ada", "Ada", "Ada", "Somebody"]);
  expect(await talk.open()).toEqual([mergeId]);

  const seen = (await readEvents(db.prisma, conversationTopic(talk.id), 0, 100)).length;
  const both = await Promise.all([talk.undo(mergeId), talk.undo(mergeId)]);
  expect(both).toEqual([1, 2].map(() => ({ ok: true, label: "SPEAKER_02" })));
  expect(await talk.everything()).toEqual(before);
  expect(await talk.open()).toEqual([]);
  const told = (await readEvents(db.prisma, conversationTopic(talk.id), seen, 100)).map(({ type, data }) => [
    type,
    data,
  ]);
  expect(told).toEqual([
    ["speakers.unmerged", { label: "SPEAKER_02", into: "SPEAKER_01" }],
    ["speaker.renamed", { label: "SPEAKER_02", displayName: "Ada" }],
    ["speaker.renamed", { label: "SPEAKER_01", displayName: "" }],
  ]);
});

test("what was done between a merge and its undoing stays: only what is still the target's goes back", async () => {
  await using db = await testDatabase();
  const talk = await talkOf(db, 1, 2, 2, 3, 1, 3);
  await talk.addTasks("Speaker 1", "Speaker 2");
  await talk.name(2, "Ada");
  const mergeId = await talk.merge(2, 1);
  await talk.give(1, 3);
  await talk.give(5, 1);
  await talk.correct(2, "Put right.");
  await talk.name(1, "Bob");
  expect(await talk.tasks()).toEqual(["Bob", "Bob"]);

  expect(await talk.undo(mergeId)).toMatchObject({ ok: true });
  expect(await talk.owners()).toEqual([1, 3, 2, 3, 1, 1]);
  expect((await talk.everything()).segments[2]).toMatchObject({ text: "Put right.", originalText: "Sentence 2." });
  expect(await talk.names()).toEqual(["Bob", "Ada", null]);
  expect(await talk.tasks()).toEqual(["Bob", "Ada"]);
});

test("a name that was given to the speaker who was merged stays, and so do tasks that were made since", async () => {
  await using db = await testDatabase();
  const talk = await talkOf(db, 1, 2, 2);
  await talk.name(1, "Bob");
  await talk.name(2, "Ada");
  const mergeId = await talk.merge(2, 1);
  await talk.addTasks("Bob", "Ada");
  await talk.give(2, 2);
  await talk.name(2, "Cleo");
  await talk.undo(mergeId);
  expect([await talk.owners(), await talk.names()]).toEqual([
    [1, 2, 2],
    ["Bob", "Cleo"],
  ]);
  expect(await talk.tasks()).toEqual(["Bob", "Ada"]);
});

test("of merges one upon the other the last is undone first; beside each other they are undone in any order", async () => {
  await using db = await testDatabase();
  const talk = await talkOf(db, 1, 2, 3, 4);
  const before = await talk.everything();
  const first = await talk.merge(1, 2);
  const second = await talk.merge(2, 3);
  expect(await talk.open()).toEqual([second]);
  expect(await talk.undo(first)).toMatchObject({ ok: false, reason: "conflict" });
  const third = await talk.merge(4, 3);
  expect(await talk.owners()).toEqual([3, 3, 3, 3]);
  expect(await talk.open()).toEqual([third, second]);
  await talk.undo(second);
  expect(await talk.owners()).toEqual([2, 2, 3, 3]);
  expect(await talk.open()).toEqual([third, first]);
  await talk.undo(first);
  await talk.undo(third);
  expect(await talk.everything()).toEqual(before);
});

test("a merge that is asked for twice is one, and one that moves nothing is none", async () => {
  await using db = await testDatabase();
  const talk = await talkOf(db, 1, 2, 3);
  const mergeId = await talk.merge(2, 1);
  expect(await talk.merge(2, 1)).toBe(mergeId);
  expect(await talk.open()).toEqual([mergeId]);
  expect(await talk.merge(2, 3)).toBe("");
  await talk.undo(mergeId);
  const again = await talk.merge(2, 1);
  expect(again).not.toBe(mergeId);
  await talk.undo(mergeId);
  expect(await talk.owners()).toEqual([1, 1, 3]);
  await talk.undo(again);
  expect(await talk.owners()).toEqual([1, 2, 3]);
});

test("somebody of whom there is a name alone gets it back", async () => {
  await using db = await testDatabase();
  const talk = await talkOf(db, 1, 2);
  await talk.name(2, "Ada");
  await talk.give(1, 1);
  const before = await talk.everything();
  const mergeId = await talk.merge(2, 1);
  expect([await talk.names(), await talk.open()]).toEqual([["Ada", null], [mergeId]]);
  await talk.undo(mergeId);
  expect(await talk.everything()).toEqual(before);
});

test("in a call words go back to whom its provider named, and to nobody known where it named none", async () => {
  await using db = await testDatabase();
  const talk = await talkOf(db);
  const said = words([1, 1, 1]).map((word) => ({ ...word, speaker: "user" }));
  const people = ["a", "b", undefined].map((id) => (id === undefined ? undefined : { id, name: id }));
  const heard = said.map((word, index) => ({ ...word, person: people[index] }));
  await db.prisma.$transaction((tx) => storeSegments(tx, talk.id, heard));
  const before = await talk.everything();
  expect(before.segments.map(({ label }) => label)).toEqual(["SPEAKER_01", "SPEAKER_02", null]);
  const call = { userId: talk.userId, id: talk.id, into: "SPEAKER_02" };
  for (const label of ["SPEAKER_01", "user"]) {
    const merged = await mergeSpeakers(db.prisma, { ...call, label });
    await talk.undo(merged?.mergeId ?? "");
    expect(await talk.everything()).toEqual(before);
  }
});

test("an undoing is refused where all went to others since, where there is no such merge, and to strangers", async () => {
  await using db = await testDatabase();
  const talk = await talkOf(db, 1, 2, 3);
  const other = await talkOf(db, 1, 2);
  const mergeId = await talk.merge(2, 1);
  const stranger = await addPerson(db.prisma);
  expect(await talk.undo(mergeId, stranger.userId)).toEqual({ ok: false, reason: "not_found" });
  const nothing = { ok: false, reason: "conflict", message: expect.stringContaining("Nothing of this merge is left") };
  expect(await other.undo(mergeId)).toEqual(nothing);
  expect(await talk.undo(randomUUID())).toEqual(nothing);
  await talk.give(1, 3);
  expect(await talk.open()).toEqual([]);
  expect(await talk.undo(mergeId)).toEqual(nothing);
  expect(await talk.owners()).toEqual([1, 3, 3]);
  // Once they are given back to the target there is something to undo again.
  await talk.give(1, 1);
  expect(await talk.open()).toEqual([mergeId]);
});

/** How many queries wait for a lock. */
async function waiting({ pool }: TestDatabase): Promise<number> {
  const { rowCount } = await pool.query(`
    SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`);
  return rowCount ?? 0;
}

test("a transcript that is made anew has no merge of the one before, nor do its speakers get names of it", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const talk = await talkOf(db, 1, 2, 2);
  await talk.name(2, "Ada");
  const mergeId = await talk.merge(2, 1);
  await prisma.transcriptPiece.create({
    data: { conversationId: talk.id, index: 0, startSeconds: 0, endSeconds: 3, draft: words([1, 1, 2]) },
  });
  // Both come while a third works on the conversation: they wait for it, and not for each other.
  const { promise: done, resolve: release } = Promise.withResolvers<void>();
  const held = prisma.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM conversation WHERE id = ${talk.id}::uuid FOR UPDATE`;
    await done;
  });
  const undone = talk.undo(mergeId);
  await expect.poll(() => waiting(db)).toBe(1);
  const replaced = prisma.$transaction((tx) => replaceTranscript(tx, talk.id));
  await expect.poll(() => waiting(db)).toBe(2);
  release();
  await Promise.all([held, undone, replaced]);
  expect(await undone).toMatchObject({ ok: true });
  expect([await talk.owners(), await talk.open()]).toEqual([[1, 1, 2], []]);
  const after = await talk.everything();
  expect(await talk.undo(mergeId)).toMatchObject({ ok: false, reason: "conflict" });
  expect(await talk.everything()).toEqual(after);
  expect(await prisma.speakerMerge.count()).toBe(0);
});
