import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fetchVideoFile } from "#activities/channels/fetch-file.ts";
import type { MediaToFetch } from "#activities/clients/sources/types.ts";
import type { Sources } from "#activities/clients/sources/sources.ts";
import { advance, newRun } from "#domain/run.ts";
import type { MediaStore } from "#records/media/media-store.ts";
import { newId } from "#records/ids.ts";
import { testDatabase } from "#tests/setup/database.ts";

test("a job that waited for its source says that it downloads as soon as bytes arrive", async () => {
  await using db = await testDatabase();
  const scratchDir = await mkdtemp(join(tmpdir(), "convene-fetch-"));
  const waited = "YouTube is kept from programs for now. It goes on at 2026-11-29 15:16 UTC.";
  let state = advance(newRun("video", "downloading"), { type: "started" });
  state = advance(state, { type: "stage", stage: "downloading" });
  state = advance(state, { type: "progress", stage: "downloading", fraction: 0, message: waited });
  const said: string[] = [];
  const progress = (fraction: number, message?: string) => {
    const words = message === undefined ? {} : { message };
    state = advance(state, { type: "progress", stage: "downloading", fraction, ...words });
    said.push(state.message);
  };
  const fetchMedia = async ({ into, onProgress }: MediaToFetch) => {
    await writeFile(into, "sound");
    onProgress?.({ bytes: 2, totalBytes: 5 });
    onProgress?.({ bytes: 5, totalBytes: 5 });
    return { bytes: 5, contentType: null, validator: null };
  };
  const media = { size: async () => null, putFile: async () => undefined } as unknown as MediaStore;
  const deps = {
    prisma: db.prisma,
    media,
    scratchDir,
    sources: { youtube: { fetchMedia } } as unknown as Sources,
    downloadLimits: { fileBytes: 1_000, ownerBytes: 1_000 },
  };
  const mediaUrl = "https://youtu.be/dQw4w9WgXcQ";
  const video = { id: newId(), externalId: "dQw4w9WgXcQ", mediaUrl, channel: { source: "youtube" }, recording: null };
  const { signal } = new AbortController();
  const fetched = await fetchVideoFile(deps, video, { runId: newId(), signal, progress });
  expect([fetched.sizeBytes, said]).toEqual([5, ["Downloading…", "Downloading…"]]);
  await rm(scratchDir, { recursive: true });
});
