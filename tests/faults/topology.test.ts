import { createHash } from "node:crypto";
import { Upload } from "tus-js-client";
import type { UploadOptions } from "tus-js-client";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { roundRobinProxy } from "#tests/web/round-robin-proxy.ts";
import { expectComplete } from "./expect-complete.ts";
import { longSpeech, studioSpeech } from "./long-speech.ts";
import { answers, expectOneResult, startPracticeCall } from "./practice-call.ts";
import { startTopology } from "./topology.ts";
import type { Topology } from "./topology.ts";
import { watchConversation } from "./watcher.ts";

const patience = { timeout: 120_000, interval: 50 };

let at: Topology;
beforeAll(async () => {
  at = await startTopology();
});
afterAll(() => at[Symbol.asyncDispose]());
// What the test before killed.
beforeEach(() => at.startMissing());

/** The parts of uploads that were passed on, by the web that took each. */
const parts = () => at.proxy.passed.filter(({ method }) => method === "PATCH").map(({ target }) => target);

test("an upload by turns outlives the web that took its first part, byte for byte, with no folder", async () => {
  // More than one part of S3's.
  const bytes = await studioSpeech(1.5);
  const before = at.s3.state.begun;
  let isStruck = false;
  await uploadInParts(bytes, {
    onProgress() {
      const [first = "", ...more] = parts();
      // One part lies in the bucket whole, the next has begun.
      if (isStruck || more.length < 9) return;
      isStruck = true;
      void at.kill(at.webAt(first));
    },
  });
  expect(new Set(parts().slice(0, 9)).size).toBe(2);
  expect(at.s3.state.begun).toBe(before + 1);
  const id = await expectOneRecording(bytes);
  expect(await at.finished(id)).toMatchObject({ status: "completed" });
  await expectComplete(at, id);
});

test("a practice call across both webs goes on after the death of the one that has it, for a page that polls too", async () => {
  await using noSockets = await roundRobinProxy(at.webUrls, { blocksSockets: true });
  using call = await startPracticeCall(at);
  expect(new Set(call.webs()).size).toBe(2);
  using polling = watchConversation({ ...at, url: noSockets.url }, call.id);
  using watcher = watchConversation(at, call.id);
  await call.agentSays("Let's talk about this");
  await expect.poll(() => polling.status()).toBe("polling");
  await call.benSays(answers.date);
  await call.agentSays("The next point is this");
  const struck = await call.holder();
  await at.kill(struck);
  await expect.poll(() => call.holder()).not.toBe(struck);
  await call.isWhole();
  await call.talkToTheEnd();
  for (const each of [polling, watcher]) await each.expectWhole();
  await expect.poll(() => polling.seen).toEqual(watcher.seen);
  expect(polling.status()).toBe("polling");
  expect(new Set(noSockets.passed.map(({ target }) => target)).size).toBe(2);
  await expectOneResult(at, call.id);
});

test("both webs restart in turn amid an upload and a call: nothing is lost, and nothing done twice", async () => {
  const bytes = await studioSpeech(1.2);
  using call = await startPracticeCall(at);
  using watcher = watchConversation(at, call.id);
  await call.agentSays("Let's talk about this");
  const restarts: Promise<void>[] = [];
  await uploadInParts(bytes, {
    onProgress(sent) {
      if (restarts.length === 0 && sent > bytes.length / 4) restarts.push(at.restart("web-1"));
    },
    async onAfterResponse() {
      if (restarts.length !== 1) return;
      await restarts[0];
      restarts.push(at.restart("web-2"));
    },
  });
  await call.benSays(answers.date);
  await call.agentSays("The next point is this");
  await Promise.all(restarts);
  expect(restarts).toHaveLength(2);
  const id = await expectOneRecording(bytes);
  await call.isWhole();
  await call.talkToTheEnd();
  await watcher.expectWhole();
  await expectOneResult(at, call.id);
  expect(await at.finished(id)).toMatchObject({ status: "completed" });
  await expectComplete(at, id);
});

test("both workers restart in turn, each amid a transcription, and amid a call: nothing is lost, done twice or counted as a try", async () => {
  await using noSockets = await roundRobinProxy(at.webUrls, { blocksSockets: true });
  using call = await startPracticeCall(at);
  using talk = watchConversation(at, call.id);
  const speech = await longSpeech(5);
  const upload = (name: string) => at.upload(speech, `${name}.wav`, "?duplicate=allow");
  const ids = [await upload("one"), await upload("other")];
  using one = watchConversation({ ...at, url: noSockets.url }, ids[0] ?? "");
  using other = watchConversation(at, ids[1] ?? "");
  await call.agentSays("Let's talk about this");
  /** Each worker does one recording at a time, so that both are at one when both recordings get on. */
  const bothAtWork = async () => {
    const before = await piecesOf(ids);
    await expect
      .poll(async () => (await piecesOf(ids)).map((done, place) => done > (before[place] ?? 0)), patience)
      .toEqual([true, true]);
  };
  await bothAtWork();
  await at.restart("worker-1");
  await call.benSays(answers.date);
  await call.agentSays("The next point is this");
  await bothAtWork();
  await at.restart("worker-2");
  await call.talkToTheEnd();
  await talk.expectWhole();
  await expectOneResult(at, call.id);
  for (const [place, watcher] of [one, other].entries()) {
    const id = ids[place] ?? "";
    expect(await at.finished(id)).toMatchObject({ status: "completed" });
    await watcher.expectWhole();
    await expectComplete(at, id);
    const stages = await at.rows<{ stage: string; tries: number }>(
      `SELECT run_stage.stage, tries FROM run_stage JOIN run ON run.id = run_id
       WHERE conversation_id = $1 AND run_stage.stage <> 'done'`,
      [id],
    );
    expect(stages.filter(({ tries }) => tries !== 1)).toEqual([]);
    // What was stored is not recognised again; what was under way may be.
    const [pieces] = await at.rows<{ repeats: number }>(
      "SELECT sum(recognitions - 1)::int AS repeats FROM transcript_piece WHERE conversation_id = $1",
      [id],
    );
    expect(pieces?.repeats).toBeLessThanOrEqual(2);
  }
});

/** Uploads as a browser does; parts that fail are sent again. */
async function uploadInParts(bytes: Buffer<ArrayBuffer>, options: UploadOptions): Promise<void> {
  await new Promise<void>((onSuccess, onError) => {
    new Upload(bytes, {
      endpoint: `${at.url}/api/uploads`,
      headers: at.headers,
      metadata: { filename: "by-turns.wav" },
      chunkSize: 1024 * 1024,
      retryDelays: [200, 500, 1_000, 2_000, 4_000, 8_000],
      onSuccess: () => onSuccess(),
      onError,
      ...options,
    }).start();
  });
}

/** One recording of these bytes, which lies in the bucket alone; gives its id. */
async function expectOneRecording(bytes: Buffer): Promise<string> {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const [recording, ...others] = await at.rows<{ id: string; media_key: string }>(
    "SELECT id, media_key FROM recording WHERE sha256 = $1",
    [sha256],
  );
  expect(others).toEqual([]);
  expect(at.s3.objects.get(recording?.media_key ?? "")?.equals(bytes)).toBe(true);
  expect(at.s3.openUploads()).toBe(0);
  expect(await at.mediaFiles()).toEqual([]);
  return recording?.id ?? "";
}

/** How many pieces of each are recognised. */
async function piecesOf(ids: readonly string[]): Promise<number[]> {
  const rows = await at.rows<{ done: number }>(
    `SELECT (SELECT count(*)::int FROM transcript_piece
             WHERE conversation_id = id AND recognised_at IS NOT NULL) AS done
     FROM unnest($1::uuid[]) WITH ORDINALITY AS each (id, place) ORDER BY place`,
    [ids],
  );
  return rows.map(({ done }) => done);
}
