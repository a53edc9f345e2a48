import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createFolderStore } from "#records/media/folder-store.ts";
import { keepLocalFiles } from "#records/media/kept-files.ts";
import type { MediaStore } from "#records/media/media-store.ts";

const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

/** A store that makes a copy for each `localFile`, as one in a bucket must. */
async function copyingStore() {
  const folder = await mkdtemp(join(tmpdir(), "convene-kept-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const store = createFolderStore(join(folder, "store"));
  const copies: string[] = [];
  const copying: MediaStore = {
    ...store,
    async localFile(key) {
      const { path } = await store.localFile(key);
      const copy = join(folder, `copy-${copies.length}`);
      copies.push(copy);
      await writeFile(copy, await readFile(path));
      return { path: copy, [Symbol.asyncDispose]: () => rm(copy) };
    },
  };
  return { copying, copies };
}

test("a copy is fetched once for many turns, and goes some time after the last", async () => {
  const { copying, copies } = await copyingStore();
  const store = keepLocalFiles(copying, { idleMs: 50, keeps: (key) => key.endsWith("speech.wav") });
  await store.putText("a/speech.wav", "sound");
  const use = async (key: string) => {
    await using file = await store.localFile(key);
    return readFile(file.path, "utf8");
  };
  expect(await Promise.all([use("a/speech.wav"), use("a/speech.wav")])).toEqual(["sound", "sound"]);
  expect(await use("a/speech.wav")).toBe("sound");
  expect(copies).toHaveLength(1);
  await expect.poll(() => isThere(copies[0] ?? "")).toBe(false);
  expect(await use("a/speech.wav")).toBe("sound");
  await store.putText("a/original", "other");
  await use("a/original");
  await use("a/original");
  expect(copies).toHaveLength(4);
});

test("a copy goes with its object, though not from under who reads it, and all go at the end", async () => {
  const { copying, copies } = await copyingStore();
  const store = keepLocalFiles(copying, { idleMs: 60_000, keeps: () => true });
  await store.putText("a/speech.wav", "sound");
  await store.putText("b/speech.wav", "more");
  const file = await store.localFile("a/speech.wav");
  await store.removeAll("a/");
  expect(await readFile(file.path, "utf8")).toBe("sound");
  await file[Symbol.asyncDispose]();
  expect(await isThere(copies[0] ?? "")).toBe(false);
  await expect(store.localFile("a/speech.wav")).rejects.toThrow(/ENOENT/);
  await (await store.localFile("b/speech.wav"))[Symbol.asyncDispose]();
  expect(await isThere(copies.at(-1) ?? "")).toBe(true);
  await store.releaseAll();
  expect(await isThere(copies.at(-1) ?? "")).toBe(false);
});
