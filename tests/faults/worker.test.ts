import { setTimeout as wait } from "node:timers/promises";
import type { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startConvene } from "./convene.ts";
import type { Convene } from "./convene.ts";
import { expectComplete, wordsOf } from "./expect-complete.ts";
import { longSpeech } from "./long-speech.ts";

const isShort = process.env["FAULTS"] === "short";
// The clip once, in pieces of twelve seconds: enough of them for a kill in their middle.
const minutes = isShort ? 1 : 10;
/** The tests share one Convene and say the same words. */
const again = "?duplicate=allow";

let convene: Convene;
/** One connection for all looks at progress: each new one has to prove its password, which costs processor time. */
let database: Client;
beforeAll(async () => {
  convene = await startConvene();
  database = await convene.database();
});
afterAll(async () => {
  await database.end();
  await convene[Symbol.asyncDispose]();
});

const progress = async (id: string) => {
  const { rows } = await database.query<{ stage: string; done: number; pieces: number }>(
    `SELECT run.stage,
            (SELECT count(*)::int FROM transcript_piece p WHERE p.conversation_id = $1 AND recognised_at IS NOT NULL) AS done,
            (SELECT count(*)::int FROM transcript_piece p WHERE p.conversation_id = $1) AS pieces
     FROM run WHERE conversation_id = $1`,
    [id],
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`no run of ${id}`);
  return row;
};

async function reached(id: string, is: (at: Awaited<ReturnType<typeof progress>>) => boolean) {
  for (let tries = 0; tries < 6_000; tries++) {
    const at = await progress(id);
    if (is(at)) return at;
    if (at.stage === "done") throw new Error("too late: the run is done");
    await wait(10);
  }
  throw new Error("never got there");
}

test("A-102 kill -9 of the worker in every stage: the run completes by itself, with the transcript of a run left in peace", async () => {
  const speech = await longSpeech(minutes);
  const undisturbed = await convene.upload(speech, "undisturbed.wav", again);
  expect(await convene.finished(undisturbed)).toMatchObject({ status: "completed" });

  const id = await convene.upload(speech, "killed.wav", again);
  convene.kill("worker");
  const struck: string[] = [];
  for (const stage of ["transcode", "diarization", "transcription"]) {
    await reached(id, (at) => at.stage === stage);
    await wait(150);
    struck.push((await progress(id)).stage);
    convene.kill("worker");
  }
  expect(struck).toEqual(["transcode", "diarization", "transcription"]);
  // In the middle of transcribing: some pieces done before, some left after.
  const middle = await reached(id, (at) => at.done >= 1 && at.done < at.pieces);
  expect(middle.done).toBeLessThan(middle.pieces);
  convene.kill("worker");
  await reached(id, (at) => at.stage === "summary");
  convene.kill("worker");

  const killed = await convene.finished(id);
  expect(killed).toMatchObject({ status: "completed", error: null });
  const lines = await expectComplete(convene, id);
  expect(wordsOf(lines)).toEqual(wordsOf(await expectComplete(convene, undisturbed)));

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
  // Two kills fell into transcription: no stored piece was recognised again, at most the two under way per kill.
  const [pieces] = await convene.rows<{ repeats: number; most: number }>(
    `SELECT sum(recognitions - 1)::int AS repeats, max(recognitions)::int AS most
     FROM transcript_piece WHERE conversation_id = $1`,
    [id],
  );
  expect(pieces?.repeats).toBeLessThanOrEqual(4);
});

test("a worker that comes back completes a struck run within 60 seconds", async () => {
  const id = await convene.upload(await longSpeech(isShort ? 1 : 3), "struck.wav", again);
  const lives = () => convene.log().filter((line) => /worker is polling/.test(line)).length;
  const before = lives();
  await reached(id, (at) => at.done >= 1);
  convene.kill("worker");
  await expect.poll(lives, { timeout: 60_000 }).toBe(before + 1);
  expect(await convene.finished(id, 60_000)).toMatchObject({ status: "completed" });
  await expectComplete(convene, id);
});
