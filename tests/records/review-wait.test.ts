import { expect, test } from "vitest";
import { storeCut, findCut, orderCut } from "#records/channels/cuts.ts";
import { deleteChannel, updateChannel } from "#records/channels/channels.ts";
import { changeEpisode, episodeOf } from "#records/channels/episodes.ts";
import { endReview } from "#records/channels/review-deadline.ts";
import { isUnderReview, orderOverdueReviews } from "#records/channels/review-wait.ts";
import { noteTakenBack } from "#records/channels/taken-back.ts";
import { addChannelRows } from "#tests/channels/channel-fixtures.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { addPerson } from "./people.ts";

const dayMs = 86_400_000;

/** A held episode, and what is done with it. */
async function setUp(db: Awaited<ReturnType<typeof testDatabase>>, reviewThen?: "wait" | "publish" | "discard") {
  const { prisma } = db;
  const person = await addPerson(prisma);
  const rows = await addChannelRows(prisma, person);
  const { userId } = person;
  if (reviewThen !== undefined) await updateChannel(prisma, userId, rows.channel, { reviewThen });
  const id = rows.episode;
  return {
    prisma,
    userId,
    rows,
    id,
    episode: () => episodeOf(prisma, userId, id),
    /** As if the time were over. */
    timeIsOver: () => prisma.episode.update({ where: { id }, data: { reviewUntil: new Date(Date.now() - 1_000) } }),
    look: (revision = 1) => endReview(prisma, { episodeId: id, revision }),
    hints: () => prisma.outbox.findMany({ where: { kind: "review.changed" }, orderBy: { id: "asc" } }),
    notices: () => prisma.notification.findMany({ where: { userId, type: "episode.undecided" } }),
    told: () => prisma.liveEvent.count({ where: { type: "episode.changed" } }),
  };
}

test("an episode that is held waits seven days for a person, and its wait is begun with it", async () => {
  await using db = await testDatabase();
  const at = await setUp(db);
  const held = await at.episode();
  expect(held).toMatchObject({ state: "held", reviewThen: "wait" });
  const days = ((held?.reviewUntil?.getTime() ?? 0) - Date.now()) / dayMs;
  expect(Math.abs(days - 7)).toBeLessThan(0.01);
  expect(await at.hints()).toMatchObject([{ payload: { episodeId: at.id, revision: 1 } }]);
  // Before that nothing becomes of it.
  expect(await at.look()).toEqual(held?.reviewUntil);
  expect(await at.episode()).toEqual(held);
});

test("once its time is over the channel's word holds: it is published, discarded, or goes on waiting; a second look changes nothing", async () => {
  await using db = await testDatabase();
  for (const [then, state, done] of [
    ["publish", "published", "was published"],
    ["discard", "discarded", "was discarded"],
    ["wait", "held", "still waits for you"],
  ] as const) {
    const at = await setUp(db, then);
    await at.timeIsOver();
    const before = await at.told();
    expect(await Promise.all([at.look(), at.look(), at.look()])).toEqual([null, null, null]);
    const row = await at.episode();
    expect(row).toMatchObject({ state, reviewUntil: null, reviewThen: null, published: state === "published" });
    expect((row?.publishedAt ?? null) !== null).toBe(state === "published");
    expect(await at.told()).toBe(before + 1);
    const link = `/podcasts/${at.rows.channel}`;
    expect(await at.notices()).toMatchObject([{ title: `“In line” ${done}`, link }]);
    expect(await at.look()).toBeNull();
    expect(await at.episode()).toEqual(row);
    const acts = await db.prisma.auditEntry.findMany({ where: { subject: at.id } });
    expect(acts.map(({ action, actorId }) => [action, actorId])).toEqual(
      then === "wait" ? [] : [[`episode.${then}`, null]],
    );
  }
});

test("a person who decides first has decided, and the wait is told; one who decides at the end's moment is answered in turn", async () => {
  await using db = await testDatabase();
  const at = await setUp(db, "publish");
  await at.timeIsOver();
  const decided = await changeEpisode(at.prisma, { userId: at.userId, id: at.id }, "discard");
  expect(decided).toEqual({ ok: true });
  expect(await at.hints()).toHaveLength(2);
  expect(await at.look()).toBeNull();
  expect(await at.episode()).toMatchObject({ state: "discarded", reason: "" });
  expect(await at.notices()).toEqual([]);

  const other = await setUp(db, "publish");
  await other.timeIsOver();
  const asked = { userId: other.userId, id: other.id };
  const [answer] = await Promise.all([changeEpisode(other.prisma, asked, "publish"), other.look()]);
  expect(await other.episode()).toMatchObject({ state: "published" });
  // One of the two published it, and the other found it published.
  const acts = await db.prisma.auditEntry.findMany({ where: { subject: other.id } });
  expect(acts.map(({ actorId }) => actorId)).toEqual([answer.ok ? other.userId : null]);
});

test("what its source took back is published by no deadline", async () => {
  await using db = await testDatabase();
  const at = await setUp(db, "publish");
  const channel = await at.prisma.channel.findUniqueOrThrow({ where: { id: at.rows.channel } });
  const video = await at.prisma.video.findUniqueOrThrow({ where: { id: at.rows.queued } });
  expect(await at.episode()).toMatchObject({ reviewThen: "publish" });
  await noteTakenBack(at.prisma, channel, [video.externalId]);
  expect(await at.episode()).toMatchObject({ reviewThen: "wait" });
  await at.timeIsOver();
  expect(await at.look()).toBeNull();
  expect(await at.episode()).toMatchObject({ state: "held", published: false });
});

test("another cut begins the time anew, is waited for, and as the next revision has its own time", async () => {
  await using db = await testDatabase();
  const at = await setUp(db, "publish");
  const { prisma } = at;
  await at.timeIsOver();
  const cut = await orderCut(prisma, at, { start: 1, end: 30 });
  if (!cut.ok) throw new Error(cut.reason);
  expect((await at.episode())?.reviewUntil?.getTime()).toBeGreaterThan(Date.now() + 6 * dayMs);
  // It took longer than that.
  await at.timeIsOver();
  const until = await at.look();
  expect(until?.getTime()).toBeGreaterThan(Date.now());
  expect(await at.episode()).toMatchObject({ state: "held", revision: 1 });

  await at.timeIsOver();
  const audio = { audioKey: "x", audioType: "audio/mpeg", audioBytes: 5, durationMs: 29_000 };
  const row = await findCut(prisma, cut.runId);
  await prisma.$transaction((tx) => storeCut(tx, row!, audio));
  await prisma.run.update({ where: { id: cut.runId }, data: { status: "cancelled" } });
  expect((await at.hints()).map(({ payload }) => payload)).toEqual([
    { episodeId: at.id, revision: 1 },
    { episodeId: at.id, revision: 1 },
    { episodeId: at.id, revision: 2 },
  ]);
  expect(await at.look(1)).toBeNull();
  expect((await at.look(2))?.getTime()).toBeGreaterThan(Date.now() + 6 * dayMs);
  expect(await at.episode()).toMatchObject({ state: "held", revision: 2 });
  await at.timeIsOver();
  // The wait of the revision before has nothing to say any more.
  expect(await at.look(1)).toBeNull();
  expect(await at.episode()).toMatchObject({ state: "held", revision: 2 });
  await at.look(2);
  expect(await at.episode()).toMatchObject({ state: "published", revision: 2 });
});

test("another number of days holds for what is held from then on, and one notice a day tells of a whole backfill", async () => {
  await using db = await testDatabase();
  const at = await setUp(db);
  const before = await at.episode();
  await updateChannel(at.prisma, at.userId, at.rows.channel, { reviewDays: 2 });
  expect(await at.episode()).toEqual(before);
  const id = crypto.randomUUID();
  const video = await at.prisma.video.findUniqueOrThrow({ where: { id: at.rows.video } });
  const first = await at.prisma.episode.findUniqueOrThrow({ where: { id: at.id } });
  await at.prisma.episode.create({ data: { ...first, id, videoId: video.id, title: "Another" } });
  await at.prisma.episode.updateMany({ data: { reviewUntil: new Date(Date.now() - 1_000) } });
  expect(await at.look()).toBeNull();
  expect(await endReview(at.prisma, { episodeId: id, revision: 1 })).toBeNull();
  expect(await at.notices()).toHaveLength(1);
});

test("a deleted channel ends the waits of its episodes, and one whose end was missed is begun anew, once an hour", async () => {
  await using db = await testDatabase();
  const at = await setUp(db);
  const { prisma } = at;
  await prisma.episode.update({ where: { id: at.id }, data: { reviewUntil: new Date(Date.now() - 11 * 60_000) } });
  await prisma.outbox.deleteMany();
  await orderOverdueReviews(prisma);
  await orderOverdueReviews(prisma);
  expect(await at.hints()).toMatchObject([{ payload: { episodeId: at.id, revision: 1 } }]);

  await prisma.outbox.deleteMany();
  await deleteChannel(prisma, at.userId, at.rows.channel);
  expect(await at.hints()).toMatchObject([{ payload: { episodeId: at.id, revision: 1 } }]);
  expect(await isUnderReview(prisma, { id: at.id, revision: 1 })).toBe(false);
  expect(await at.look()).toBeNull();
});
