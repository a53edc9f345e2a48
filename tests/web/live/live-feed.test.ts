import { expect, test } from "vitest";
import { createPrisma } from "#prisma/client.ts";
import { announce, headOf } from "#records/live/feed.ts";
import { testDatabase } from "#tests/setup/database.ts";
import {
  addSegment,
  announceTick,
  connected,
  conversation,
  eventsOf,
  liveServer,
  pause,
  person,
  subscribe,
  topicOf,
  until,
  upTo,
} from "./live-server.ts";

const seqs = (events: { seq: number }[]) => events.map(({ seq }) => seq);

test("C-21 C-46 D-2 a watcher gets each segment of its conversation once and in order, and of no other", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const anna = await person(server, db);
  const [mine, other] = [await conversation(db, anna), await conversation(db, anna)];
  await addSegment(db, mine, { text: "before" });
  const socket = server.socket(anna.token);
  await connected(socket);
  const events = eventsOf(socket, topicOf(mine));
  const others = eventsOf(socket, topicOf(other));
  expect(await subscribe(socket, topicOf(mine), 0)).toEqual({ ok: true, topic: topicOf(mine) });
  await addSegment(db, other);
  await addSegment(db, mine, { text: "after", speaker: "SPEAKER_02" });
  await until(() => events.length === 2, "two segments");
  expect(events).toMatchObject([
    { seq: 1, prev: 0, type: "segment.added", data: { sequenceNumber: 1, text: "before", speaker: "SPEAKER_01" } },
    { seq: 2, prev: 1, type: "segment.added", data: { sequenceNumber: 2, text: "after", speaker: "SPEAKER_02" } },
  ]);
  expect(others).toEqual([]);
});

test("C weak 2: eight writers at once leave no gap and no repeat for watchers that join in between", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const anna = await person(server, db);
  const topic = topicOf(await conversation(db, anna));
  const writers = Array.from({ length: 8 }, async () => {
    for (let turn = 0; turn < 40; turn += 1) await announceTick(db, topic);
  });
  const watched = [];
  for (let joiner = 0; joiner < 10; joiner += 1) {
    const socket = server.socket(anna.token);
    await connected(socket);
    const after = await headOf(db.prisma, topic);
    const events = eventsOf(socket, topic);
    await subscribe(socket, topic, after);
    watched.push({ after, events });
    await pause(20);
  }
  await Promise.all(writers);
  for (const { after, events } of watched) {
    await until(() => events.at(-1)?.seq === 320, "the last event");
    expect(seqs(events)).toEqual(upTo(320, after + 1));
  }
});

test("C weak 2: a commit held open while a watcher subscribes reaches it afterwards", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const anna = await person(server, db);
  const topic = topicOf(await conversation(db, anna));
  await announceTick(db, topic);
  const socket = server.socket(anna.token);
  await connected(socket);
  const events = eventsOf(socket, topic);
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  let written = () => {};
  const isWritten = new Promise<void>((resolve) => (written = resolve));
  const writer = db.prisma.$transaction(async (tx) => {
    await announce(tx, [{ topic, type: "conversation.changed", data: { conversationId: "held" } }]);
    written();
    await held;
  });
  await isWritten;
  await subscribe(socket, topic, 0);
  await until(() => events.length === 1, "the committed event");
  await pause(300);
  expect(seqs(events)).toEqual([1]);
  release();
  await writer;
  await until(() => events.length === 2, "the held event");
  expect(seqs(events)).toEqual([1, 2]);
});

test("A-101 C weak 3: two web processes both deliver everything", async () => {
  await using db = await testDatabase();
  await using first = await liveServer(db);
  await using second = await liveServer(db);
  const anna = await person(first, db);
  const topic = topicOf(await conversation(db, anna));
  const lists = [];
  for (const server of [first, second]) {
    const socket = server.socket(anna.token);
    await connected(socket);
    lists.push(eventsOf(socket, topic));
    await subscribe(socket, topic, 0);
  }
  for (let turn = 0; turn < 50; turn += 1) await announceTick(db, topic);
  for (const events of lists) {
    await until(() => events.length >= 50, "50 events");
    expect(seqs(events)).toEqual(upTo(50));
  }
});

test("the loss of the listening connection in mid-stream loses no event", async () => {
  await using db = await testDatabase();
  // So seldom that only the catching up after the reconnect can find what was not heard.
  await using server = await liveServer(db, { pollMs: 600_000 });
  const anna = await person(server, db);
  const topic = topicOf(await conversation(db, anna));
  const socket = server.socket(anna.token);
  await connected(socket);
  const events = eventsOf(socket, topic);
  await subscribe(socket, topic, 0);
  for (let round = 1; round <= 3; round += 1) {
    await until(() => server.hub.isListening(), "the listener");
    for (let turn = 0; turn < 10; turn += 1) await announceTick(db, topic);
    const [row] = await db.prisma.$queryRaw<{ killed: number }[]>`
      SELECT count(pg_terminate_backend(pid))::int AS killed FROM pg_stat_activity
      WHERE application_name = 'convene live' AND datname = current_database()`;
    expect(row?.killed).toBe(1);
    await announceTick(db, topic);
    await until(() => events.length >= round * 11, "what was told to nobody");
  }
  expect(seqs(events)).toEqual(upTo(33));
});

test("an event whose notice was lost is found by looking at the topics' heads", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const anna = await person(server, db);
  const topic = topicOf(await conversation(db, anna));
  const socket = server.socket(anna.token);
  await connected(socket);
  const events = eventsOf(socket, topic);
  await subscribe(socket, topic, 0);
  await announceTick(db, topic);
  await until(() => events.length === 1, "the first event");
  await db.prisma.$transaction([
    db.prisma.liveTopic.update({ where: { topic }, data: { seq: 2 } }),
    db.prisma.liveEvent.create({ data: { topic, seq: 2, type: "conversation.changed", data: {} } }),
  ]);
  await until(() => events.length === 2, "the unannounced event");
  expect(seqs(events)).toEqual([1, 2]);
});

test("200 watchers cut again and again while segments flow see every event once", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const anna = await person(server, db);
  const topic = topicOf(await conversation(db, anna));
  const total = 200;
  const seen = Array.from({ length: 200 }, () => [] as number[]);
  let repeats = 0;
  let isOver = false;
  const watchers = seen.map(async (numbers, index) => {
    const last = () => numbers.at(-1) ?? 0;
    while (last() < total) {
      const socket = server.socket(anna.token);
      socket.on("event", ({ seq, prev }) => {
        if (seq <= last()) repeats += 1;
        else if (prev > last()) throw new Error(`${seq} came after ${last()}`);
        else numbers.push(seq);
      });
      // One that did not come about is as good as one that was cut.
      const isConnected = await connected(socket).then(
        () => true,
        () => false,
      );
      if (isConnected) await subscribe(socket, topic, last());
      const cutAfterMs = isOver ? 15_000 : 300 + ((index * 37) % 1_500);
      if (isConnected) await until(() => last() >= total || isOver, "the end", cutAfterMs).catch(() => undefined);
      if (isOver && isConnected) await until(() => last() >= total, "the last event");
      socket.disconnect();
      await pause(100 + ((index * 53) % 900));
    }
  });
  for (let turn = 0; turn < total; turn += 1) {
    await announceTick(db, topic);
    await pause(20);
  }
  isOver = true;
  await Promise.all(watchers);
  for (const numbers of seen) expect(numbers).toEqual(upTo(total));
  expect(repeats).toBe(0);
});

test("a watcher whose events are no longer kept is told of the gap", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const anna = await person(server, db);
  const topic = topicOf(await conversation(db, anna));
  for (let turn = 0; turn < 10; turn += 1) await announceTick(db, topic);
  await db.prisma.liveEvent.deleteMany({ where: { topic, seq: { lte: 5 } } });
  const socket = server.socket(anna.token);
  await connected(socket);
  const events = eventsOf(socket, topic);
  const ends: unknown[] = [];
  socket.on("gone", (end) => ends.push(end));
  await subscribe(socket, topic, 3);
  await until(() => ends.length === 1, "the gap");
  expect(ends).toEqual([{ topic, code: "gap" }]);
  expect(events).toEqual([]);
  await subscribe(socket, topic, 5);
  await until(() => events.length === 5, "what is kept");
  expect(seqs(events)).toEqual(upTo(10, 6));
});

test("a watcher that has seen more than the database holds (restored from a backup) is told of the gap", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const anna = await person(server, db);
  const topic = topicOf(await conversation(db, anna));
  await announceTick(db, topic);
  const socket = server.socket(anna.token);
  await connected(socket);
  const ends: unknown[] = [];
  socket.on("gone", (end) => ends.push(end));
  await subscribe(socket, topic, 7);
  await until(() => ends.length === 1, "the gap at the start");
  await subscribe(socket, topic, 1);
  await pause(100);
  await db.prisma.liveTopic.update({ where: { topic }, data: { seq: 0 } });
  await until(() => ends.length === 2, "the gap of a watcher that was there");
  expect(ends).toEqual([
    { topic, code: "gap" },
    { topic, code: "gap" },
  ]);
});

test("3,000 missed events arrive in order and in pages, and what is deleted in between is no gap", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const anna = await person(server, db);
  const topic = topicOf(await conversation(db, anna));
  const data = { conversationId: "c" };
  const ticks = Array.from({ length: 3_000 }, () => ({ topic, type: "conversation.changed" as const, data }));
  await db.prisma.$transaction((tx) => announce(tx, ticks));
  await db.prisma.liveEvent.deleteMany({ where: { topic, seq: { in: [700, 701, 2_999] } } });
  const socket = server.socket(anna.token);
  await connected(socket);
  const events = eventsOf(socket, topic);
  await subscribe(socket, topic, 1);
  await until(() => events.at(-1)?.seq === 3_000, "the last event");
  expect(seqs(events)).toEqual(upTo(3_000, 2).filter((seq) => ![700, 701, 2_999].includes(seq)));
  expect(events.every(({ prev }, index) => prev === (events[index - 1]?.seq ?? 1))).toBe(true);
});

test("a database that is away for a while delays events and loses none", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const anna = await person(server, db);
  const topic = topicOf(await conversation(db, anna));
  const socket = server.socket(anna.token);
  await connected(socket);
  const events = eventsOf(socket, topic);
  await subscribe(socket, topic, 0);
  await announceTick(db, topic);
  await until(() => events.length === 1, "the first event");
  const outside = createPrisma({ url: db.url });
  try {
    for (let turn = 0; turn < 20; turn += 1) {
      await outside.prisma.$queryRaw`
        SELECT count(pg_terminate_backend(pid))::int FROM pg_stat_activity
        WHERE pid <> pg_backend_pid() AND datname = current_database()`;
      await announceTick(outside, topic).catch(() => undefined);
    }
    const head = await headOf(outside.prisma, topic);
    await until(() => events.at(-1)?.seq === head, "the newest event");
    expect(seqs(events)).toEqual(upTo(head));
  } finally {
    await outside.close();
  }
});
