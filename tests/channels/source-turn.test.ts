import { expect, test } from "vitest";
import { askInTurn, inTurnAt } from "#activities/channels/source-turn.ts";
import { SourceFailed } from "#activities/clients/sources/source-failed.ts";
import type { FailureDetails } from "#domain/failure.ts";
import { timing } from "#domain/timing.ts";
import { closeSource, closing, noteOpen, passGate } from "#records/channels/source-gate.ts";
import type { PrismaClient } from "#records/db.ts";
import { addChannelRows } from "#tests/channels/channel-fixtures.ts";
import { addPerson } from "#tests/records/people.ts";
import { testDatabase } from "#tests/setup/database.ts";

const minute = 60_000;
const signal = () => new AbortController().signal;
const refusal = (problem: "bot_check" | "rate_limited" | "not_yet" | "missing", retryAfterMs: number | null = null) =>
  new SourceFailed(problem, "https://youtu.be/dQw4w9WgXcQ", { retryAfterMs });

/** A job that is to fetch from YouTube. */
async function addJob(prisma: PrismaClient) {
  const { channel, job } = await addChannelRows(prisma, await addPerson(prisma));
  await prisma.channel.update({ where: { id: channel }, data: { source: "youtube" } });
  return { prisma, source: "youtube" as const, runId: job };
}

/** How long a job is told to wait, and in which words. */
async function waitOf(work: Promise<unknown>): Promise<{ waitMs: number; untilOpen: boolean; message: string }> {
  const failed = (await work.then(
    () => null,
    (error: unknown) => error,
  )) as { type?: string; message: string; details: [FailureDetails] } | null;
  expect(failed).toMatchObject({ type: "source_waiting", nonRetryable: true });
  const { waitMs = 0, untilOpen = false } = failed?.details[0] ?? {};
  return { waitMs, untilOpen, message: failed?.message ?? "" };
}

test("the proof that a person is there closes YouTube for all channels, and jobs go on in order when it opens", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const [first, second] = [await addJob(prisma), await addJob(prisma)];
  const refused = await waitOf(inTurnAt(first, signal(), () => Promise.reject(refusal("bot_check"))));
  expect(refused.message).toMatch(/proof that a person is there.* It goes on at \d{4}-\d\d-\d\d \d\d:\d\d UTC\.$/);
  expect(refused.waitMs).toBeGreaterThan(29 * minute);
  expect(refused.waitMs).toBeLessThan(31 * minute);
  expect(refused.untilOpen).toBe(true);

  let asked = 0;
  const fetch = async () => (asked += 1);
  const from = Date.now();
  const behind = await waitOf(inTurnAt(second, signal(), fetch));
  const until = Date.now();
  expect([asked, behind.untilOpen]).toEqual([0, true]);
  // One job began before it, which has its turn first.
  const { closedUntil } = (await closing(prisma, "youtube")) ?? { closedUntil: new Date(0) };
  const askedAt = closedUntil.getTime() + timing.youtubePaceMs - behind.waitMs;
  expect(askedAt).toBeGreaterThanOrEqual(from - 1_000);
  expect(askedAt).toBeLessThanOrEqual(until + 1_000);

  await prisma.sourceGate.updateMany({ data: { blockedUntil: new Date(Date.now() - 1_000), nextAt: new Date(0) } });
  expect(await inTurnAt(second, signal(), fetch)).toBe(1);
  expect(await prisma.sourceGate.findUniqueOrThrow({ where: { source: "youtube" } })).toMatchObject({ blocks: 0 });
});

test("a job that another's video holds up says that YouTube is closed, and not whose video it was", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  for (const problem of ["bot_check", "rate_limited"] as const) {
    const [first, second] = [await addJob(prisma), await addJob(prisma)];
    const words = [
      await waitOf(inTurnAt(first, signal(), () => Promise.reject(refusal(problem)))),
      await waitOf(inTurnAt(second, signal(), async () => "fetched")),
    ].map(({ message }) => message);
    expect(words).toEqual([expect.stringMatching(/^YouTube /), expect.stringMatching(/^YouTube /)]);
    expect(words.join()).not.toContain("dQw4w9WgXcQ");
    await prisma.sourceGate.updateMany({ data: { blockedUntil: null, nextAt: new Date(0) } });
  }
});

test("a source is closed for half an hour, then for twice as long each time, eight hours at most, or as it asks", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const close = async (askedMs = 0) => {
    // Of those who are refused at the same time, one closes it.
    const closings = [1, 2, 3].map(() => closeSource(prisma, "youtube", { reason: "Refused.", askedMs }));
    await Promise.all(closings);
    const { closedUntil } = (await closing(prisma, "youtube")) ?? { closedUntil: new Date(0) };
    await prisma.sourceGate.updateMany({ data: { blockedUntil: new Date(Date.now() - 1) } });
    return Math.round((closedUntil.getTime() - Date.now()) / minute);
  };
  const minutes: number[] = [];
  for (let time = 0; time < 6; time += 1) minutes.push(await close());
  expect(minutes).toEqual([30, 60, 120, 240, 480, 480]);
  await noteOpen(prisma, "youtube");
  expect(await close(10 * 60 * minute)).toBe(600);
});

test("requests are twelve seconds apart, whoever makes them, and other sources are not held up", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const passages = await Promise.all([1, 2, 3].map(() => passGate(prisma, "youtube", 12_000)));
  const waits = passages.map((passage) => ("waitMs" in passage ? Math.round(passage.waitMs / 1_000) : -1));
  expect(waits.toSorted((one, other) => one - other).map((wait) => Math.round(wait / 12))).toEqual([0, 1, 2]);
  const job = await addJob(prisma);
  expect(await inTurnAt({ ...job, source: "feed" }, signal(), async () => "fetched")).toBe("fetched");
});

test("what is not over yet is asked for again in a while and closes nothing, and other failures are as ever", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const job = await addJob(prisma);
  const { waitMs, untilOpen, message } = await waitOf(
    inTurnAt(job, signal(), () => Promise.reject(refusal("not_yet"))),
  );
  expect([waitMs, message]).toEqual([15 * minute, expect.stringContaining("is not over yet")]);
  // It would ask in vain where a source is opened.
  expect(untilOpen).toBe(false);
  expect(await closing(prisma, "youtube")).toBeNull();
  await prisma.sourceGate.updateMany({ data: { nextAt: new Date(0) } });
  const gone = inTurnAt(job, signal(), () => Promise.reject(refusal("missing")));
  await expect(gone).rejects.toMatchObject({ problem: "missing" });
});

test("a look at a channel asks in turn as jobs do, and rather not at all than late or where it is closed", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const shared = { prisma, source: "youtube" as const };
  let asked = 0;
  const ask = async () => (asked += 1);
  expect([await askInTurn(shared, signal(), ask), await askInTurn(shared, signal(), ask)]).toEqual([1, 2]);
  const { nextAt } = await prisma.sourceGate.findUniqueOrThrow({ where: { source: "youtube" } });
  expect(nextAt.getTime() - Date.now()).toBeGreaterThan(0);
  await prisma.sourceGate.updateMany({ data: { nextAt: new Date(Date.now() + minute) } });
  expect(await askInTurn(shared, signal(), ask)).toBeNull();

  await prisma.sourceGate.updateMany({ data: { nextAt: new Date(0) } });
  const refused = askInTurn(shared, signal(), () => Promise.reject(refusal("bot_check")));
  await expect(refused).rejects.toMatchObject({ problem: "bot_check" });
  expect(await closing(prisma, "youtube")).not.toBeNull();
  expect(await askInTurn(shared, signal(), ask)).toBeNull();
  expect(asked).toBe(2);
});
