import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { startConvene } from "./convene.ts";
import type { Convene } from "./convene.ts";
import { expectWhole, wordsOf } from "./expect-whole.ts";
import { longSpeech } from "./long-speech.ts";

const isShort = process.env["FAULTS"] === "short";
const minutes = isShort ? 2 : 10;

const progress = async (convene: Convene, id: string) => {
  const [row] = await convene.rows<{ stage: string; done: number; pieces: number }>(
    `SELECT run.stage,
            (SELECT count(*)::int FROM transcript_piece p WHERE p.conversation_id = $1 AND recognised_at IS NOT NULL) AS done,
            (SELECT count(*)::int FROM transcript_piece p WHERE p.conversation_id = $1) AS pieces
     FROM run WHERE conversation_id = $1`,
    [id],
  );
  if (row === undefined) throw new Error(`no run of ${id}`);
  return row;
};

async function reached(convene: Convene, id: string, is: (at: Awaited<ReturnType<typeof progress>>) => boolean) {
  for (let tries = 0; tries < 6_000; tries++) {
    const at = await progress(convene, id);
    if (is(at)) return at;
    if (at.stage === "done") throw new Error("too late: the run is done");
    await wait(10);
  }
  throw new Error("never got there");
}

test("A-102 kill -9 of the worker in every stage: the run completes by itself, with the transcript of a run left in peace", async () => {
  await using convene = await startConvene();
  const speech = await longSpeech(minutes);
  const undisturbed = await convene.upload(speech, "undisturbed.wav");
  expect(await convene.finished(undisturbed)).toMatchObject({ status: "completed" });

  const id = await convene.upload(speech, "killed.wav", "?duplicate=allow");
  convene.kill("worker");
  const struck: string[] = [];
  for (const stage of ["transcode", "diarization", "transcription"]) {
    await reached(convene, id, (at) => at.stage === stage);
    await wait(150);
    struck.push((await progress(convene, id)).stage);
    convene.kill("worker");
  }
  expect(struck).toEqual(["transcode", "diarization", "transcription"]);
  // In the middle of transcribing: some pieces done before, some left after.
  const middle = await reached(convene, id, (at) => at.done >= 1 && at.done < at.pieces);
  expect(middle.done).toBeLessThan(middle.pieces);
  convene.kill("worker");
  await reached(convene, id, (at) => at.stage === "summary");
  convene.kill("worker");

  const killed = await convene.finished(id);
  expect(killed).toMatchObject({ status: "completed", error: null });
  const lines = await expectWhole(convene, id);
  expect(wordsOf(lines)).toEqual(wordsOf(await expectWhole(convene, undisturbed)));

  const tries = new Map(
    (
      await convene.rows<{ stage: string; tries: number }>(
        `SELECT run_stage.stage, tries FROM run_stage JOIN run ON run.id = run_id WHERE conversation_id = $1`,
        [id],
      )
    ).map(({ stage, tries: count }) => [stage, count]),
  );
  expect(tries.get("transcode")).toBeGreaterThanOrEqual(2);
  expect(tries.get("diarization")).toBeGreaterThanOrEqual(2);
  // A kill between two turns costs no try.
  expect(tries.get("transcription")).toBeGreaterThanOrEqual(2);
  // Two kills fell into transcription: no stored piece was recognised again, at most one piece repeated per kill.
  const [pieces] = await convene.rows<{ repeats: number; most: number }>(
    `SELECT sum(recognitions - 1)::int AS repeats, max(recognitions)::int AS most
     FROM transcript_piece WHERE conversation_id = $1`,
    [id],
  );
  expect(pieces?.repeats).toBeLessThanOrEqual(2);
});

test("a worker that comes back completes a struck run within 60 seconds", async () => {
  await using convene = await startConvene();
  const id = await convene.upload(await longSpeech(isShort ? 1 : 3), "struck.wav");
  await reached(convene, id, (at) => at.done >= 1);
  convene.kill("worker");
  await expect
    .poll(() => convene.log().filter((line) => /worker is polling/.test(line)).length, { timeout: 60_000 })
    .toBe(2);
  expect(await convene.finished(id, 60_000)).toMatchObject({ status: "completed" });
  await expectWhole(convene, id);
});
