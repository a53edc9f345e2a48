import { createHash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { Upload } from "tus-js-client";
import { expect, test } from "vitest";
import { startConvene } from "./convene.ts";
import { expectComplete } from "./expect-complete.ts";
import { longSpeech } from "./long-speech.ts";
import { watchConversation } from "./watcher.ts";

test("kill -9 of the web during an upload: it resumes where it stopped, byte for byte", async () => {
  await using convene = await startConvene();
  const bytes = await longSpeech(4);
  let killed = false;
  let mostSent = 0;
  let resumedAt = -1;
  const upload = new Upload(bytes, {
    endpoint: `${convene.url}/api/uploads`,
    headers: convene.headers,
    metadata: { filename: "resumed.wav" },
    chunkSize: 256 * 1024,
    retryDelays: [200, 500, 1_000, 2_000, 4_000, 8_000],
    onProgress(sent) {
      if (killed && resumedAt === -1) resumedAt = sent;
      if (!killed && sent > bytes.length / 2) {
        killed = true;
        mostSent = sent;
        convene.kill("web");
      }
    },
  });
  await new Promise<void>((resolve, reject) => {
    upload.options.onSuccess = () => resolve();
    upload.options.onError = reject;
    upload.start();
  });
  expect(killed).toBe(true);
  expect(resumedAt).toBeGreaterThan(mostSent - 1024 * 1024);
  const [recording] = await convene.rows<{ id: string; sha256: string; size_bytes: string }>(
    `SELECT id, sha256, size_bytes FROM recording`,
  );
  expect(recording?.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
  expect(Number(recording?.size_bytes)).toBe(bytes.length);
  expect(await convene.finished(recording?.id ?? "")).toMatchObject({ status: "completed" });
});

test("kill -9 of the web while somebody watches: every event arrives once and in order", async () => {
  await using convene = await startConvene();
  const id = await convene.upload(await longSpeech(3), "watched.wav");
  using watcher = watchConversation(convene, id);
  const { seen } = watcher;
  for (let kills = 0; kills < 2; kills++) {
    const before = seen.length;
    await expect.poll(() => seen.length, { timeout: 60_000 }).toBeGreaterThan(before + 1);
    convene.kill("web");
    await wait(1_500);
  }
  expect(await convene.finished(id)).toMatchObject({ status: "completed" });
  const lines = await expectComplete(convene, id);
  await watcher.expectWhole();
  expect(watcher.ofType("segment.added")).toHaveLength(lines.length);
});
