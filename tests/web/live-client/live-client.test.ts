import { expect, test } from "vitest";
import { userTopic } from "#domain/live.ts";
import { deleteConversation } from "#records/conversations/delete-conversation.ts";
import { announce } from "#records/live/feed.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { createLiveClient } from "#web/live-client/live-client.ts";
import type { LiveClient } from "#web/live-client/live-client.ts";
import { announceTick, conversation, liveServer, pause, person, topicOf, until, upTo } from "../live/live-server.ts";
import { relay } from "../network-relay.ts";

const quick = { firstDelayMs: 20, longestDelayMs: 100, slowDelayMs: 200 };

function reader(client: LiveClient, topic: string, after: number) {
  const seqs: number[] = [];
  let gaps = 0;
  let isGone = false;
  const watch = client.watch(topic, after, {
    onEvent: ({ seq }) => seqs.push(seq),
    onGap: () => (gaps += 1),
    onGone: () => (isGone = true),
  });
  return { ...watch, seqs, gaps: () => gaps, isGone: () => isGone };
}

/** Every state that the client passes through, without repeats. */
function statesOf(client: LiveClient) {
  const states: string[] = [client.status().state];
  client.onStatus(() => {
    const { state } = client.status();
    if (states.at(-1) !== state) states.push(state);
  });
  return states;
}

test("C-13 C-37 whatever happens to the connection, a reader gets every event once and in order", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  await using network = await relay(server.port);
  const anna = await person(server, db);
  const topic = topicOf(await conversation(db, anna));
  const client = createLiveClient({ url: `http://127.0.0.1:${network.port}`, token: async () => anna.token, ...quick });
  try {
    const [all, late] = [reader(client, topic, 0), reader(client, topic, 30)];
    for (let turn = 0; turn < 150; turn += 1) {
      await announceTick(db, topic);
      if (turn % 10 === 5) network.cut();
      await pause(15);
    }
    await until(() => all.seqs.at(-1) === 150 && late.seqs.at(-1) === 150, "the last event");
    expect(all.seqs).toEqual(upTo(150));
    expect(late.seqs).toEqual(upTo(150, 31));
    const joiner = reader(client, topic, 100);
    await until(() => joiner.seqs.at(-1) === 150, "what a second page of the tab lacks");
    expect(joiner.seqs).toEqual(upTo(150, 101));
    expect(all.seqs).toEqual(upTo(150));
    expect(all.gaps() + late.gaps()).toBe(0);
  } finally {
    client.close();
  }
});

test("C-38 C weak 11: after the quick tries slow ones go on, and the connection comes back by itself", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  await using network = await relay(server.port);
  const anna = await person(server, db);
  const topic = topicOf(await conversation(db, anna));
  network.down(true);
  const client = createLiveClient({
    url: `http://127.0.0.1:${network.port}`,
    token: async () => anna.token,
    maxReconnectAttempts: 3,
    ...quick,
  });
  try {
    const states = statesOf(client);
    const attempts: number[] = [];
    client.onStatus(() => {
      const status = client.status();
      if (status.state === "reconnecting") attempts.push(status.attempt);
    });
    const all = reader(client, topic, 0);
    await until(() => client.status().state === "offline", "the end of the quick tries");
    expect(attempts).toEqual([1, 2, 3]);
    await announceTick(db, topic);
    network.down(false);
    await until(() => all.seqs.length === 1, "the event of the time without a connection");
    expect(states).toEqual(["idle", "connecting", "reconnecting", "offline", "live"]);
  } finally {
    client.close();
  }
});

test("C-58 C weak 11: a refused token or an ended session ends the tries at once", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db, { checkRightsMs: 200 });
  const anna = await person(server, db);
  const topic = topicOf(await conversation(db, anna));
  let asked = 0;
  const refused = createLiveClient({ url: server.url, token: async () => `nonsense ${(asked += 1)}`, ...quick });
  const ended = createLiveClient({ url: server.url, token: async () => anna.token, ...quick });
  try {
    reader(refused, topic, 0);
    await until(() => refused.status().state === "signed-out", "the refusal");
    reader(ended, topic, 0);
    await until(() => ended.status().state === "live", "the connection");
    await db.prisma.session.delete({ where: { id: anna.sessionId } });
    await until(() => ended.status().state === "signed-out", "the end of the session");
    await pause(500);
    expect(asked).toBe(1);
    expect(ended.status().state).toBe("signed-out");
  } finally {
    refused.close();
    ended.close();
  }
});

test("a reader with a gap hears of it once and goes on from its new snapshot", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const anna = await person(server, db);
  const topic = topicOf(await conversation(db, anna));
  for (let turn = 0; turn < 10; turn += 1) await announceTick(db, topic);
  await db.prisma.liveEvent.deleteMany({ where: { topic, seq: { lte: 8 } } });
  const client = createLiveClient({ url: server.url, token: async () => anna.token, ...quick });
  try {
    const late = reader(client, topic, 4);
    await until(() => late.gaps() === 1, "the gap");
    await announceTick(db, topic);
    await pause(100);
    expect(late.seqs).toEqual([]);
    late.sync(10);
    await until(() => late.seqs.length === 1, "the event after the new snapshot");
    expect(late.seqs).toEqual([11]);
    expect(late.gaps()).toBe(1);
  } finally {
    client.close();
  }
});

test("a reader of what is deleted is told, and one that left hears nothing", async () => {
  await using db = await testDatabase();
  // Rights are asked for when they are told to have changed, so that it is known what comes first.
  await using server = await liveServer(db, { checkRightsMs: 600_000 });
  const anna = await person(server, db);
  const id = await conversation(db, anna);
  const client = createLiveClient({ url: server.url, token: async () => anna.token, ...quick });
  try {
    const [stays, leaves] = [reader(client, topicOf(id), 0), reader(client, topicOf(id), 0)];
    await announceTick(db, topicOf(id));
    await until(() => stays.seqs.length === 1 && leaves.seqs.length === 1, "the first event");
    leaves.stop();
    await deleteConversation(db.prisma, { userId: anna.userId, id });
    await until(() => stays.seqs.length === 2, "the deletion's own event");
    await db.prisma.$transaction((tx) =>
      announce(tx, [
        { topic: userTopic(anna.userId), type: "access.changed", data: { workspaceId: anna.workspaceId, role: null } },
      ]),
    );
    await until(() => stays.isGone(), "the end");
    expect(stays.seqs).toEqual([1, 2]);
    expect(leaves.seqs).toEqual([1]);
  } finally {
    client.close();
  }
});
