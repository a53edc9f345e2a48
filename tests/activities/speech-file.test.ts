import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { expect, test } from "vitest";
import { createRunActivities } from "#activities/runs.ts";
import { removeSpeech, speechFile, sweepSpeech } from "#activities/speech-file.ts";
import { openSpeech } from "#activities/clients/media/wav.ts";
import type { RunEvent } from "#domain/run.ts";
import { createFolderStore } from "#records/media/folder-store.ts";
import { storedBytes } from "#records/accounts/storage-quota.ts";
import { mediaKeys } from "#records/media/media-store.ts";
import { addPerson, addRecording } from "#tests/records/people.ts";
import { testDatabase } from "#tests/setup/database.ts";

const signal = new AbortController().signal;
const weekAgo = () => new Date(Date.now() - 7 * 24 * 60 * 60_000);

/** A recording whose original lies in a store, and what works on its decoded sound. */
async function bench() {
  const db = await testDatabase();
  const folder = await mkdtemp(join(tmpdir(), "speech-file-"));
  const media = createFolderStore(join(folder, "media"));
  const person = await addPerson(db.prisma);
  const { id, runId } = await addRecording(db.prisma, person);
  const keys = mediaKeys(id);
  const upload = join(folder, "upload");
  await copyFile("tests/fixtures/two-cities.wav", upload);
  await media.putFile(keys.original, upload);
  await db.prisma.recording.update({ where: { id }, data: { mediaKey: keys.original, sizeBytes: 1_000 } });
  const mediaLimits = { maxDurationSeconds: 600, deadlineMs: 60_000, maxRssMb: 1_000 };
  const deps = { prisma: db.prisma, media, scratchDir: join(folder, "scratch"), mediaLimits };
  const row = () => db.prisma.recording.findUniqueOrThrow({ where: { id } });
  const log = pino({ level: "silent" });
  const runs = createRunActivities({ ...deps, log, isExecutionOpen: async () => true });
  return {
    ...deps,
    id,
    keys,
    row,
    decode: async () => speechFile(deps, await row(), signal),
    end: async (ending: RunEvent) => {
      await runs.claimRun({ runId, attempt: 1, temporalRunId: "1" });
      await runs.endRun({ runId, attempt: 1, ending });
    },
    owned: () => storedBytes(db.prisma, person.userId),
    finishedAt: (finishedAt: Date) => db.prisma.run.update({ where: { id: runId }, data: { finishedAt } }),
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
      await db[Symbol.asyncDispose]();
    },
  };
}

test("decoded sound is made from the original where there is none, and counts in the quota while it stands", async () => {
  await using at = await bench();
  await using file = await at.decode();
  const reader = await openSpeech(file.path);
  expect((await reader.read(0, 1)).length).toBe(16_000);
  await reader.close();
  const size = await at.media.size(at.keys.speech);
  expect(await at.row()).toMatchObject({ speechKey: at.keys.speech, speechBytes: BigInt(size ?? 0) });
  expect(await at.owned()).toBe(1_000 + (size ?? 0));
  // Also where the row says that there is some: the store may have lost it.
  await at.media.removeAll(at.keys.speech);
  await using again = await at.decode();
  expect(await at.media.size(at.keys.speech)).toBe(size);
  expect(again.path).toBe(file.path);
});

test("a run that completes gives its decoded sound back, and the original stays", async () => {
  await using at = await bench();
  await using _file = await at.decode();
  await at.end({ type: "completed" });
  expect(await at.media.size(at.keys.speech)).toBeNull();
  expect(await at.media.size(at.keys.original)).not.toBeNull();
  expect(await at.row()).toMatchObject({ speechKey: null, speechBytes: null });
  expect(await at.owned()).toBe(1_000);
});

test("a run that failed keeps its decoded sound for a week", async () => {
  await using at = await bench();
  await using _file = await at.decode();
  const error = { code: "internal" as const, message: "no", stage: "transcription", attempt: 1 };
  await at.end({ type: "failed", error });
  await sweepSpeech(at, weekAgo());
  expect(await at.media.size(at.keys.speech)).not.toBeNull();
  await at.finishedAt(new Date(weekAgo().getTime() - 1_000));
  await sweepSpeech(at, weekAgo());
  expect(await at.media.size(at.keys.speech)).toBeNull();
  expect((await at.row()).speechKey).toBeNull();
  // Tried again, it is decoded anew.
  await using _again = await at.decode();
  expect(await at.media.size(at.keys.speech)).not.toBeNull();
});

test("what a run works on is not swept, and what a completed one has left is", async () => {
  await using at = await bench();
  await using _file = await at.decode();
  await sweepSpeech(at, new Date());
  expect(await at.media.size(at.keys.speech)).not.toBeNull();
  await at.end({ type: "completed" });
  await using _left = await at.decode();
  await sweepSpeech(at, weekAgo());
  expect(await at.media.size(at.keys.speech)).toBeNull();
});

test("a recording whose original is gone says so", async () => {
  await using at = await bench();
  await at.media.removeAll(at.keys.original);
  await removeSpeech(at, at.id);
  await expect(at.decode()).rejects.toMatchObject({ type: "media_missing", nonRetryable: true });
});
