import { randomBytes, randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { labelOf } from "#domain/transcript.ts";
import type { Segment } from "#domain/transcript.ts";
import { storeSegments } from "#records/conversations/segments.ts";
import { testDatabase } from "#tests/setup/database.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import { joinWorkspace } from "./join-workspace.ts";
import { post, upload } from "./requests.ts";
import { startWeb } from "./server.ts";

/** A recording in which three speak, and its doors. */
async function recording(db: TestDatabase) {
  const web = await startWeb(db, { settings: { NODE_ENV: "production" } });
  const owner = await web.signUp();
  const { body } = await upload(web, owner, randomBytes(1000), { workspaceId: owner.workspaceId });
  const heard = ["SPEAKER_01", "SPEAKER_02", "SPEAKER_03"].map((speaker, index) => ({
    sourceKey: `${index}`,
    speaker,
    text: `Sentence ${index}.`,
    start: index,
    end: index + 1,
  }));
  await db.prisma.$transaction((tx) => storeSegments(tx, body.id, heard));
  const path = `/api/conversations/${body.id}`;
  return {
    web,
    owner,
    path,
    merge: (label: string, into: string) =>
      owner.json<{ mergeId: string | null }>(`${path}/speakers/${label}/merge`, { method: "POST", body: { into } }),
    merges: async () => (await owner.json<{ merges: { id: string }[] }>(`${path}/merges`)).merges,
    undo: (mergeId: string, who = owner) => post(web, who, `${path}/merges/${mergeId}/undo`, { json: {} }),
    /** As the page's button. */
    press: async (mergeId: string, who = owner) => {
      const form = new URLSearchParams({ intent: "undoMerge", mergeId });
      const init = { method: "POST", headers: { ...who.headers, origin: web.url }, body: form };
      const answer = await fetch(`${web.url}/recordings/${body.id}.data`, init);
      return { status: answer.status, text: await answer.text() };
    },
    labels: async () => {
      const { segments } = await owner.json<{ segments: Segment[] }>(`/api/recordings/${body.id}/transcript`);
      return segments.map(labelOf);
    },
    give: async (index: number, label: string) => {
      const rows = await db.prisma.transcriptSegment.findMany({ orderBy: { sequenceNumber: "asc" } });
      await owner.json(`${path}/segments`, { method: "PATCH", body: { segmentIds: [rows[index]?.id], label } });
    },
    [Symbol.asyncDispose]: () => web[Symbol.asyncDispose](),
  };
}

test("a merge is listed until it is undone, which is done once however often it is asked for", async () => {
  await using db = await testDatabase();
  await using talk = await recording(db);
  const { mergeId } = await talk.merge("SPEAKER_03", "SPEAKER_01");
  const listed = { id: mergeId, label: "SPEAKER_03", into: "SPEAKER_01", createdAt: expect.any(String) };
  expect(await talk.merges()).toEqual([listed]);
  expect(await talk.labels()).toEqual(["SPEAKER_01", "SPEAKER_02", "SPEAKER_01"]);
  for (const time of ["first", "second"]) {
    const { status, body } = await talk.undo(mergeId ?? "");
    expect([time, status, body]).toEqual([time, 200, expect.objectContaining({ label: "SPEAKER_03" })]);
  }
  expect(await talk.merges()).toEqual([]);
  expect(await talk.labels()).toEqual(["SPEAKER_01", "SPEAKER_02", "SPEAKER_03"]);
  expect(await db.prisma.liveEvent.count({ where: { type: "speakers.unmerged" } })).toBe(1);
});

test("page and API refuse alike what cannot be undone, in words", async () => {
  await using db = await testDatabase();
  await using talk = await recording(db);
  const mergeId = (await talk.merge("SPEAKER_03", "SPEAKER_01")).mergeId ?? "";
  await talk.give(2, "SPEAKER_02");
  const why = "Nothing of this merge is left to undo";
  for (const id of [mergeId, randomUUID()]) {
    const [api, page] = [await talk.undo(id), await talk.press(id)];
    expect([api.status, api.body]).toEqual([
      409,
      expect.objectContaining({ code: "conflict", detail: expect.stringContaining(why) }),
    ]);
    expect([page.status, page.text]).toEqual([409, expect.stringContaining(why)]);
  }
  expect((await talk.undo("x")).status).toBe(404);
  expect((await talk.press("x")).status).toBe(400);
  expect(await talk.labels()).toEqual(["SPEAKER_01", "SPEAKER_02", "SPEAKER_02"]);
});

test("who may read only sees a merge and does not undo it, by page or by API", async () => {
  await using db = await testDatabase();
  await using talk = await recording(db);
  const mergeId = (await talk.merge("SPEAKER_02", "SPEAKER_01")).mergeId ?? "";
  const [viewer, member, stranger] = [await talk.web.signUp(), await talk.web.signUp(), await talk.web.signUp()];
  await joinWorkspace({ inviter: talk.owner, workspaceId: talk.owner.workspaceId }, viewer, "viewer");
  await joinWorkspace({ inviter: talk.owner, workspaceId: talk.owner.workspaceId }, member, "member");
  expect((await talk.undo(mergeId, viewer)).status).toBe(403);
  expect((await talk.press(mergeId, viewer)).status).toBe(404);
  expect((await talk.undo(mergeId, stranger)).status).toBe(404);
  expect((await talk.press(mergeId, stranger)).status).toBe(404);
  expect(await talk.labels()).toEqual(["SPEAKER_01", "SPEAKER_01", "SPEAKER_03"]);
  expect(await viewer.json(`${talk.path}/merges`)).toMatchObject({ merges: [{ id: mergeId }] });
  expect((await talk.press(mergeId, member)).status).toBe(200);
  expect(await talk.labels()).toEqual(["SPEAKER_01", "SPEAKER_02", "SPEAKER_03"]);
});
