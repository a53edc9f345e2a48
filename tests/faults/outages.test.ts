import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startConvene } from "./convene.ts";
import type { Convene } from "./convene.ts";
import { expectComplete } from "./expect-complete.ts";
import { longSpeech } from "./long-speech.ts";

const minutes = process.env["FAULTS"] === "short" ? 1.5 : 3;
/** The tests share one Convene and say the same words. */
const again = "?duplicate=allow";

let convene: Convene;
beforeAll(async () => {
  convene = await startConvene();
});
afterAll(() => convene[Symbol.asyncDispose]());

test("Temporal killed for 20 s: uploads are still answered 202, and every run completes", async () => {
  const running = await convene.upload(await longSpeech(minutes), "running.wav", again);
  await expect.poll(async () => (await convene.recording(running)).status, { timeout: 30_000 }).toBe("processing");
  const down = convene.keepDown("temporal", 20_000);
  await wait(2_000);
  const uploaded = await convene.upload(await longSpeech(1), "while-down.wav", again);
  expect(await convene.recording(uploaded)).toMatchObject({ status: "pending" });
  await down;
  expect(await convene.finished(uploaded)).toMatchObject({ status: "completed" });
  expect(await convene.finished(running)).toMatchObject({ status: "completed" });
  await expectComplete(convene, running);
  await expectComplete(convene, uploaded);
});

test("Postgres killed in the middle: no other process exits, and the run completes whole", async () => {
  const id = await convene.upload(await longSpeech(minutes), "postgres.wav", again);
  await expect.poll(async () => (await convene.recording(id)).stage, { timeout: 90_000 }).toBe("alignment");
  const pids = () =>
    new Map((["web", "worker", "temporal", "postgres"] as const).map((part) => [part, convene.pidOf(part)]));
  const before = pids();
  convene.kill("postgres");
  expect(await convene.finished(id)).toMatchObject({ status: "completed" });
  const after = pids();
  for (const part of ["web", "worker", "temporal"] as const) expect(after.get(part)).toBe(before.get(part));
  expect(after.get("postgres")).not.toBe(before.get("postgres"));
  await expectComplete(convene, id);
});

test("Postgres away: requests are refused with 503 and Retry-After, and work again when it is back", async () => {
  const down = convene.keepDown("postgres", 4_000);
  await wait(1_000);
  const refused = await convene.ask("/api/recordings");
  expect(refused.status).toBe(503);
  expect(refused.headers.get("retry-after")).not.toBeNull();
  await down;
  await expect.poll(async () => (await convene.ask("/api/recordings")).status, { timeout: 30_000 }).toBe(200);
});
