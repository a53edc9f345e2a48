import { setTimeout as wait } from "node:timers/promises";
import { Client } from "pg";
import { expect, test } from "vitest";
import { conversationTopic, workspaceTopic } from "#domain/live.ts";
import { announce, headOf, readEvents } from "#records/live/feed.ts";
import { segmentsOf, storeSegments } from "#records/conversations/segments.ts";
import { conversationSnapshot } from "#records/conversations/snapshot.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { addPerson, addRecording } from "./people.ts";

const segment = (key: string, start: number) => ({
  sourceKey: key,
  speaker: "SPEAKER_01",
  text: `Sentence ${key}`,
  start,
  end: start + 1,
});

test("eight writers at once: every topic's numbers are whole, in order, and visible without gaps", async () => {
  await using db = await testDatabase();
  const topics = ["conversation:a", "workspace:w"];
  const reader = { isReading: true };
  const seen: number[] = [];
  const readingOn = (async () => {
    while (reader.isReading) {
      const rows = await readEvents(db.prisma, "workspace:w", seen.at(-1) ?? 0, 1000);
      seen.push(...rows.map(({ seq }) => seq));
      await wait(2);
    }
  })();
  const writer = async (name: number) => {
    for (let index = 0; index < 50; index++) {
      await db.prisma.$transaction((tx) =>
        announce(tx, [
          ...topics.map((topic) => ({
            topic,
            type: "action_item.changed" as const,
            data: { id: `${name} ${index}`, done: false },
          })),
          { topic: "workspace:w", type: "action_item.changed", data: { id: `${name} ${index}`, done: true } },
        ]),
      );
    }
  };
  await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(writer));
  await expect.poll(() => seen.length).toBe(800);
  reader.isReading = false;
  await readingOn;
  expect(await headOf(db.prisma, "conversation:a")).toBe(400);
  expect(seen).toEqual(Array.from({ length: 800 }, (_, index) => index + 1));
});

test("a change and its news are one: what is rolled back is never told", async () => {
  await using db = await testDatabase();
  const broken = db.prisma.$transaction(async (tx) => {
    await announce(tx, [{ topic: "conversation:a", type: "access.changed", data: { workspaceId: "w", role: null } }]);
    throw new Error("no");
  });
  await expect(broken).rejects.toThrow("no");
  expect(await headOf(db.prisma, "conversation:a")).toBe(0);
});

const told = (topic: string, id: string) => ({
  topic,
  type: "action_item.changed" as const,
  data: { id, done: true },
});

test("two changes that tell the same topics in opposite order, in several words, never wait for each other", async () => {
  await using db = await testDatabase();
  const begun = { writers: 0 };
  const writer = (first: string, second: string) =>
    db.prisma.$transaction(async (tx) => {
      await announce(tx, [told(first, `${first}1`)]);
      begun.writers += 1;
      await expect.poll(() => begun.writers, { timeout: 10_000 }).toBe(2);
      await announce(tx, [told(second, `${first}2`)]);
      await announce(tx, [told(first, `${first}3`)]);
    });
  await Promise.all([writer("conversation:a", "workspace:w"), writer("workspace:w", "conversation:a")]);
  for (const topic of ["conversation:a", "workspace:w"]) {
    const events = await readEvents(db.prisma, topic, 0, 10);
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    const own = events.map(({ data }) => ("id" in data ? data.id : "")).filter((id) => id.startsWith(topic));
    expect(own).toEqual([`${topic}1`, `${topic}3`]);
  }
});

test("what a transaction tells is numbered in the order of telling, and only when the rest of it is done", async () => {
  await using db = await testDatabase();
  await db.prisma.$transaction(async (tx) => {
    await announce(tx, [told("conversation:a", "1")]);
    expect(await headOf(tx, "conversation:a")).toBe(0);
    await announce(tx, [told("conversation:b", "2"), told("conversation:a", "3")]);
    await announce(tx, [told("conversation:a", "4")]);
  });
  const ids = async (topic: string) =>
    (await readEvents(db.prisma, topic, 0, 10)).map(({ seq, data }) => [seq, "id" in data ? data.id : null]);
  expect(await ids("conversation:a")).toEqual([
    [1, "1"],
    [2, "3"],
    [3, "4"],
  ]);
  expect(await ids("conversation:b")).toEqual([[1, "2"]]);
});

test("news that cannot be written take the change with them", async () => {
  await using db = await testDatabase();
  const person = await addPerson(db.prisma);
  const name = person.workspaceId;
  // Postgres keeps no NUL in JSON, so the feed refuses this where it is written, after the change itself.
  const broken = db.prisma.$transaction(async (tx) => {
    await tx.workspace.update({ where: { id: name }, data: { name: "Renamed" } });
    await announce(tx, [told("conversation:a", "\0")]);
  });
  await expect(broken).rejects.toThrow(/unicode|22P05/i);
  expect(await db.prisma.workspace.count({ where: { name: "Renamed" } })).toBe(0);
  expect(await headOf(db.prisma, "conversation:a")).toBe(0);
});

test("every listener hears topic and number after the commit", async () => {
  await using db = await testDatabase();
  const listener = new Client({ connectionString: db.url });
  await listener.connect();
  const heard: string[] = [];
  listener.on("notification", ({ payload }) => heard.push(payload ?? ""));
  await listener.query("LISTEN live");
  await db.prisma.$transaction((tx) =>
    announce(tx, [
      { topic: "workspace:w", type: "access.changed", data: { workspaceId: "w", role: null } },
      { topic: "conversation:a", type: "access.changed", data: { workspaceId: "w", role: null } },
      { topic: "conversation:a", type: "access.changed", data: { workspaceId: "w", role: null } },
    ]),
  );
  await expect.poll(() => [...heard].sort()).toEqual(["conversation:a 2", "workspace:w 1"]);
  await listener.end();
});

test("segments are stored once by source key, numbered from 1 without gaps, and told in order (C weak 4, 5)", async () => {
  await using db = await testDatabase();
  const person = await addPerson(db.prisma);
  const { id } = await addRecording(db.prisma, person);
  const store = (...segments: ReturnType<typeof segment>[]) =>
    db.prisma.$transaction(async (tx) => announce(tx, await storeSegments(tx, id, segments)));
  await Promise.all([store(segment("a", 0), segment("b", 1)), store(segment("c", 2)), store(segment("a", 0))]);
  await store(segment("a", 0), segment("d", 3));
  const rows = await segmentsOf(db.prisma, id);
  expect(rows.map(({ text }) => text)).toEqual(["Sentence a", "Sentence b", "Sentence c", "Sentence d"]);
  expect(rows.map(({ sequenceNumber }) => sequenceNumber).sort((a, b) => a - b)).toEqual([1, 2, 3, 4]);
  const told = (await readEvents(db.prisma, conversationTopic(id), 1, 50)).map(({ data }) => data);
  expect(told).toHaveLength(4);
  expect(told.map((data) => (data as { sequenceNumber: number }).sequenceNumber)).toEqual([1, 2, 3, 4]);
});

test("snapshot and number are of one instant, also with a commit between the two reads (C weak 2)", async () => {
  await using db = await testDatabase();
  const person = await addPerson(db.prisma);
  const { id } = await addRecording(db.prisma, person);
  const pen = { isWriting: true };
  const writer = (async () => {
    for (let index = 0; pen.isWriting; index++) {
      await db.prisma.$transaction(async (tx) =>
        announce(tx, await storeSegments(tx, id, [segment(`k${index}`, index)])),
      );
    }
  })();
  for (let round = 0; round < 40; round++) {
    const snapshot = await conversationSnapshot(db.prisma, person.userId, id);
    const told = await readEvents(db.prisma, conversationTopic(id), 0, 10_000);
    const toldBefore = told.filter(({ seq, type }) => type === "segment.added" && seq <= (snapshot?.seq ?? 0));
    expect(snapshot?.segments).toHaveLength(toldBefore.length);
  }
  pen.isWriting = false;
  await writer;
  expect(await headOf(db.prisma, workspaceTopic(person.workspaceId))).toBe(1);
});
