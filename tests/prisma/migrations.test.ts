import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { applyMigrations, migrate } from "#prisma/migrate.ts";
import { readMigrations } from "#prisma/migrations.ts";
import { storeDelivery } from "#records/queues/inbox.ts";
import { testDatabase } from "#tests/setup/database.ts";
import type { TestDatabase } from "#tests/setup/database.ts";

/** An empty database. */
async function emptyDatabase() {
  const db = await testDatabase();
  await db.pool.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
  return db;
}

test("A-14 A-17 B-2 the migrations lead from every earlier state to today's tables, and a second time change nothing", async () => {
  const list = await readMigrations();
  const names = list.migrationDirectories.map(({ path }) => path);
  const upTo = (count: number) => ({ ...list, migrationDirectories: list.migrationDirectories.slice(0, count) });

  // One database goes through every state there has been, as one that was never left behind.
  await using stepwise = await emptyDatabase();
  for (const [at, name] of names.entries()) expect(await applyMigrations(stepwise.url, upTo(at + 1))).toEqual([name]);
  expect(await migrate({ url: stepwise.url })).toEqual([]);
  const tables = await tablesOf(stepwise);
  expect(tables).toContain("meeting.id uuid");

  // What a migration leaves on the connection meets all that follow it at once: from nothing, and from halfway.
  for (const earlier of [0, Math.floor(names.length / 2)]) {
    await using db = await emptyDatabase();
    await applyMigrations(db.url, upTo(earlier));
    expect(await migrate({ url: db.url })).toEqual(names.slice(earlier));
    expect(await migrate({ url: db.url })).toEqual([]);
    expect(await tablesOf(db)).toEqual(tables);
  }
});

async function tablesOf({ pool }: TestDatabase): Promise<string[]> {
  const { rows } = await pool.query<{ column: string }>(
    `SELECT table_name || '.' || column_name || ' ' || data_type AS column FROM information_schema.columns
     WHERE table_schema = 'public' ORDER BY 1`,
  );
  return rows.map(({ column }) => column);
}

/** A database as it stood right before a migration. */
async function databaseBefore(migration: string) {
  const list = await readMigrations();
  const at = list.migrationDirectories.findIndex(({ path }) => path === migration);
  if (at === -1) throw new Error(`There is no migration ${migration}`);
  const db = await emptyDatabase();
  await applyMigrations(db.url, { ...list, migrationDirectories: list.migrationDirectories.slice(0, at) });
  return db;
}

test("deliveries that are kept stay with their meetings when deliveries get subjects", async () => {
  await using db = await databaseBefore("20261127234000_delivery_subjects");
  const meetingId = randomUUID();
  await db.pool.query(
    `INSERT INTO webhook_delivery (id, sender, dedupe_key, meeting_id, type, body)
     VALUES ($1, 'stream', 'a', $2, 'call.ended', '{}'), ($3, 'stream', 'b', NULL, 'call.updated', '{}')`,
    [randomUUID(), meetingId, randomUUID()],
  );
  await migrate({ url: db.url });
  // What the release before goes on to write.
  await db.pool.query(
    `INSERT INTO webhook_delivery (id, sender, dedupe_key, meeting_id, type, body)
     VALUES ($1, 'stream', 'c', $2, 'call.ended', '{}'), ($3, 'stream', 'd', NULL, 'call.updated', '{}')`,
    [randomUUID(), meetingId, randomUUID()],
  );
  const rows = await db.prisma.webhookDelivery.findMany({ orderBy: { dedupeKey: "asc" } });
  expect(rows.map(({ subjectKind, subjectId }) => [subjectKind, subjectId])).toEqual([
    ["meeting", meetingId],
    [null, null],
    ["meeting", meetingId],
    [null, null],
  ]);
});

test("a delivery's meeting is where the release before looks for it", async () => {
  await using db = await testDatabase();
  const meetingId = randomUUID();
  const shared = { sender: "stream" as const, type: "call.ended", headers: {}, body: Buffer.from("{}") };
  const told = { ...shared, dedupeKey: "a", occurredAt: null, wanted: true };
  await storeDelivery(db.pool, { ...told, subject: { kind: "meeting", id: meetingId } });
  const { rows } = await db.pool.query("SELECT meeting_id FROM webhook_delivery");
  expect(rows).toEqual([{ meeting_id: meetingId }]);
});

test("a migration that fails halfway leaves nothing of it behind", async () => {
  await using db = await testDatabase();
  const list = await readMigrations();
  const value = `CREATE TABLE "half" ("id" INT); SELECT 1 / 0;`;
  const broken = {
    path: "20991231000000_broken",
    migrationFile: { path: "migration.sql", content: { tag: "ok" as const, value } },
  };
  const directories = [...list.migrationDirectories, broken];
  await expect(applyMigrations(db.url, { ...list, migrationDirectories: directories })).rejects.toThrow(
    "division by zero",
  );
  const { rows } = await db.pool.query("SELECT to_regclass('half') AS half");
  expect(rows).toEqual([{ half: null }]);
});

test("runs that are kept get the titles and owners of their conversations, also when the release before goes on", async () => {
  await using db = await databaseBefore("20261127235000_run_titles");
  const [userId, workspaceId, owned, unowned] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  await db.pool.query(`INSERT INTO "user" (id, name, email, updated_at) VALUES ($1, 'Ada', 'ada@example.org', now())`, [
    userId,
  ]);
  await db.pool.query("INSERT INTO workspace (id, name) VALUES ($1, 'Team')", [workspaceId]);
  await db.pool.query(
    `INSERT INTO conversation (id, kind, title, owner_id, workspace_id, updated_at)
     VALUES ($1, 'recording', 'Owned', $2, $3, now()), ($4, 'meeting', 'Unowned', NULL, $3, now())`,
    [owned, userId, workspaceId, unowned],
  );
  const addRun = (conversationId: string, kind: string) =>
    db.pool.query(
      `INSERT INTO run (id, kind, conversation_id, workspace_id, workflow_id, status, stage, updated_at)
       VALUES ($1, $2, $3, $4, $5, 'pending', 'summary', now())`,
      [randomUUID(), kind, conversationId, workspaceId, randomUUID()],
    );
  await addRun(owned, "recording");
  await addRun(unowned, "meeting");
  await migrate({ url: db.url });
  // What the release before goes on to write.
  await addRun(owned, "analysis");
  await db.pool.query("UPDATE conversation SET title = 'Renamed' WHERE id = $1", [owned]);
  const rows = await db.prisma.run.findMany({ orderBy: { kind: "asc" } });
  expect(rows.map(({ kind, title, ownerId }) => [kind, title, ownerId])).toEqual([
    ["analysis", "Renamed", userId],
    ["meeting", "Unowned", null],
    ["recording", "Renamed", userId],
  ]);
});

test("an episode that is held already gets its time to be decided on, and its wait is begun", async () => {
  await using db = await databaseBefore("20261129021000_episode_reviews");
  const [workspaceId, channelId] = [randomUUID(), randomUUID()];
  await db.pool.query(`INSERT INTO workspace (id, name) VALUES ($1, 'Ours')`, [workspaceId]);
  await db.pool.query(
    `INSERT INTO channel (id, workspace_id, source, title, key, updated_at) VALUES ($1, $2, 'upload', 'Talks', 'k', now())`,
    [channelId, workspaceId],
  );
  const add = async (state: string) => {
    const [id, videoId] = [randomUUID(), randomUUID()];
    await db.pool.query(
      `INSERT INTO video (id, channel_id, external_id, title, updated_at) VALUES ($1::uuid, $2, $1::text, 'A talk', now())`,
      [videoId, channelId],
    );
    await db.pool.query(
      `INSERT INTO episode (id, channel_id, video_id, state, title, audio_key, audio_type, audio_bytes, duration_ms, updated_at)
       VALUES ($1, $2, $3, $4, 'A talk', 'x', 'audio/mpeg', 5, 1000, now())`,
      [id, channelId, videoId, state],
    );
    return id;
  };
  const held = await add("held");
  await add("withdrawn");
  await migrate({ url: db.url });
  const episodes = await db.prisma.episode.findMany({ where: { reviewUntil: { gt: new Date() } } });
  expect(episodes).toMatchObject([{ id: held, state: "held" }]);
  const orders = await db.prisma.outbox.findMany();
  expect(orders).toMatchObject([{ kind: "review.changed", payload: { episodeId: held, revision: 1 }, state: "new" }]);
});

test("a channel's source is read again whole once its author and language are kept, though it did not change", async () => {
  await using db = await databaseBefore("20261129173000_source_author");
  const workspaceId = randomUUID();
  await db.pool.query("INSERT INTO workspace (id, name) VALUES ($1, 'Talks')", [workspaceId]);
  await db.pool.query(
    `INSERT INTO channel (id, workspace_id, source, url, title, key, etag, last_modified, updated_at)
     VALUES ($1, $2, 'feed', 'https://podcast.example.com/feed.xml', 'Talks', 'k', '"a"', 'yesterday', now())`,
    [randomUUID(), workspaceId],
  );
  await migrate({ url: db.url });
  const kept = { etag: null, lastModified: null, author: null, sourceAuthor: null, sourceLanguage: null };
  expect(await db.prisma.channel.findFirstOrThrow()).toMatchObject({ ...kept, title: "Talks" });
});
