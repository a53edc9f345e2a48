import { randomBytes, randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { conversationTopic } from "#domain/live.ts";
import { labelOf } from "#domain/transcript.ts";
import type { Segment } from "#domain/transcript.ts";
import { storeSegments } from "#records/conversations/segments.ts";
import type { PrismaClient } from "#records/db.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { upload } from "./requests.ts";
import { startWeb } from "./server.ts";

const said = (index: number, speaker: string) => ({
  sourceKey: String(index),
  speaker,
  text: `Sentence ${index}.`,
  start: index,
  end: index + 1,
});

test("case 24: words are given to another speaker, or to one more than there are, all or none, by API and page", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db, { settings: { NODE_ENV: "production" } });
  const person = await web.signUp();
  const { body } = await upload(web, person, randomBytes(1000));
  const words = [said(0, "SPEAKER_01"), said(1, "SPEAKER_02"), said(2, "SPEAKER_02")];
  await db.prisma.$transaction((tx) => storeSegments(tx, body.id, words));
  const rows = await db.prisma.transcriptSegment.findMany({ orderBy: { sequenceNumber: "asc" } });
  const [first = "", second = "", third = ""] = rows.map(({ id }) => id);
  const move = async (segmentIds: string[], label: string | null, who = person) => {
    const headers = { ...who.headers, "content-type": "application/json" };
    const init = { method: "PATCH", headers, body: JSON.stringify({ segmentIds, label }) };
    return (await fetch(`${web.url}/api/conversations/${body.id}/segments`, init)).status;
  };
  const names = async () => {
    const path = `/api/recordings/${body.id}/export?format=txt`;
    const text = await (await fetch(`${web.url}${path}`, { headers: person.headers })).text();
    return [...text.matchAll(/\] (.+): Sentence/g)].map(([, name]) => name);
  };
  expect(await names()).toEqual(["Speaker 1", "Speaker 2", "Speaker 2"]);

  expect(await move([second], "SPEAKER_01")).toBe(200);
  expect(await move([second], "SPEAKER_01")).toBe(200);
  expect(await names()).toEqual(["Speaker 1", "Speaker 1", "Speaker 2"]);

  expect(await move([third, randomUUID()], "SPEAKER_01")).toBe(404);
  expect(await move([third], "SPEAKER_09")).toBe(404);
  expect(await move([third], "SPEAKER_01", await web.signUp())).toBe(404);
  expect(await move([], "SPEAKER_01")).toBe(400);
  expect(await move(["x"], "SPEAKER_01")).toBe(400);
  expect(await names()).toEqual(["Speaker 1", "Speaker 1", "Speaker 2"]);

  const asked = { intent: "correct", segmentIds: `${second},${third}`, text: "Sentence 1.", label: "new" };
  const headers = { ...person.headers, origin: web.url };
  const form = { method: "POST", headers, body: new URLSearchParams(asked) };
  expect((await fetch(`${web.url}/recordings/${body.id}`, form)).status).toBe(200);
  expect(await names()).toEqual(["Speaker 1", "Speaker 3", "Speaker 3"]);
  expect(await move([first, second], "SPEAKER_02")).toBe(200);
  expect(await names()).toEqual(["Speaker 2", "Speaker 2", "Speaker 3"]);

  const told = await db.prisma.liveEvent.findMany({
    where: { topic: conversationTopic(body.id), type: { in: ["segments.reassigned", "speaker.renamed"] } },
    orderBy: { seq: "asc" },
  });
  expect(told.map(({ data }) => data)).toEqual([
    { segmentIds: [second], label: "SPEAKER_01" },
    { segmentIds: [second], label: "SPEAKER_01" },
    { label: "SPEAKER_03", displayName: "" },
    { segmentIds: [second, third], label: "SPEAKER_03" },
    { segmentIds: [first, second], label: "SPEAKER_02" },
  ]);
});

/** Gives a conversation a summary with a task of each of these, and tells whose they are now. */
async function withTasksOf(prisma: PrismaClient, conversationId: string, owners: string[]) {
  const { id: analysisId } = await prisma.analysis.create({
    data: { id: randomUUID(), conversationId, version: 1, completedAt: new Date() },
  });
  await prisma.actionItem.createMany({
    data: owners.map((owner, position) => ({
      id: randomUUID(),
      conversationId,
      analysisId,
      position,
      owner,
      text: `Task ${position}`,
    })),
  });
  return async () => (await prisma.actionItem.findMany({ orderBy: { position: "asc" } })).map(({ owner }) => owner);
}

test("tasks of somebody whose name another has too stay as they are", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const { body } = await upload(web, person, randomBytes(1000));
  await db.prisma.$transaction((tx) => storeSegments(tx, body.id, [said(0, "SPEAKER_01"), said(1, "SPEAKER_02")]));
  const name = (label: string, displayName: string) =>
    person.json(`/api/conversations/${body.id}/speakers/${label}`, { method: "PATCH", body: { displayName } });
  await name("SPEAKER_01", "Ada");
  await name("SPEAKER_02", "Ada");
  const owners = await withTasksOf(db.prisma, body.id, ["Ada"]);
  await name("SPEAKER_02", "Bob");
  expect(await owners()).toEqual(["Ada"]);
  await name("SPEAKER_01", "Cleo");
  expect(await owners()).toEqual(["Cleo"]);
  await name("SPEAKER_01", "");
  expect(await owners()).toEqual(["Speaker 1"]);
});

test("two who add a speaker at once add two", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const { body } = await upload(web, person, randomBytes(1000));
  await db.prisma.$transaction((tx) => storeSegments(tx, body.id, [said(0, "SPEAKER_01"), said(1, "SPEAKER_01")]));
  const rows = await db.prisma.transcriptSegment.findMany();
  const moves = rows.map(({ id }) =>
    person.json(`/api/conversations/${body.id}/segments`, { method: "PATCH", body: { segmentIds: [id], label: null } }),
  );
  const labels = (await Promise.all(moves)).map((answer) => (answer as { label: string }).label);
  expect(labels.toSorted()).toEqual(["SPEAKER_02", "SPEAKER_03"]);
});

test("case 24: two speakers become one, who keeps a name; words are put right and back, what was heard beside them", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const { body } = await upload(web, person, randomBytes(1000));
  const words = [said(0, "SPEAKER_01"), said(1, "SPEAKER_02"), said(2, "SPEAKER_03")];
  await db.prisma.$transaction((tx) => storeSegments(tx, body.id, words));
  const conversation = `/api/conversations/${body.id}`;
  const merge = (label: string, into: string) =>
    person.json(`${conversation}/speakers/${label}/merge`, { method: "POST", body: { into } });
  const owners = await withTasksOf(db.prisma, body.id, ["Speaker 1", "Speaker 2", "Speaker 3"]);
  await person.json(`${conversation}/speakers/SPEAKER_03`, { method: "PATCH", body: { displayName: "Ada" } });
  expect(await owners()).toEqual(["Speaker 1", "Speaker 2", "Ada"]);
  await merge("SPEAKER_03", "SPEAKER_02");
  expect(await owners()).toEqual(["Speaker 1", "Ada", "Ada"]);
  await merge("SPEAKER_03", "SPEAKER_02");
  await expect(merge("SPEAKER_02", "SPEAKER_02")).rejects.toThrow("404");
  await expect(merge("SPEAKER_02", "SPEAKER_09")).rejects.toThrow("404");
  await db.prisma.speaker.create({ data: { conversationId: body.id, label: "agent" } });
  await expect(merge("SPEAKER_02", "agent")).rejects.toThrow("404");
  await db.prisma.speaker.deleteMany({ where: { label: "agent" } });
  const transcript = async () =>
    (await person.json<{ segments: Segment[] }>(`/api/recordings/${body.id}/transcript`)).segments;
  expect((await transcript()).map(labelOf)).toEqual(["SPEAKER_01", "SPEAKER_02", "SPEAKER_02"]);
  const named = await db.prisma.speaker.findMany({ orderBy: { label: "asc" } });
  expect(named.map(({ displayName }) => displayName)).toEqual([null, "Ada", null]);

  const [first] = await transcript();
  const correct = (text: string, id = first?.id) =>
    person.json(`${conversation}/segments/${id}`, { method: "PATCH", body: { text } });
  expect(await correct("Sentence none.")).toEqual({ text: "Sentence none.", originalText: "Sentence 0." });
  expect(await correct("Sentence nil.")).toEqual({ text: "Sentence nil.", originalText: "Sentence 0." });
  expect((await transcript())[0]).toMatchObject({ text: "Sentence nil.", originalText: "Sentence 0." });
  await db.prisma.$transaction((tx) => storeSegments(tx, body.id, words));
  expect((await transcript()).map(({ text }) => text)).toEqual(["Sentence nil.", "Sentence 1.", "Sentence 2."]);
  expect(await correct("Sentence 0.")).toEqual({ text: "Sentence 0.", originalText: null });
  expect((await transcript())[0]).not.toHaveProperty("originalText");
  await expect(correct(" ")).rejects.toThrow("400");
  await expect(correct("x", randomUUID())).rejects.toThrow("404");
});
