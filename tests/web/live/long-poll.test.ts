import { expect, test } from "vitest";
import { userTopic, workspaceTopic } from "#domain/live.ts";
import type { DeliveredEvent, SubscriptionEnd } from "#domain/live.ts";
import { announce } from "#records/live/feed.ts";
import { newId } from "#records/ids.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { createLiveClient } from "#web/live-client/live-client.ts";
import { joinWorkspace } from "../join-workspace.ts";
import { roundRobinProxy } from "../round-robin-proxy.ts";
import { announceTick, pause, until, upTo } from "./live-server.ts";
import { startWeb } from "../server.ts";
import type { TestPerson } from "../server.ts";

interface Answer {
  events: DeliveredEvent[];
  ended: SubscriptionEnd[];
}

/** Two web processes, which know the same sessions. */
async function twoWebs(db: { url: string }) {
  const settings = { CONVENE_SECRET: "a secret for tests only, 32 or more" };
  return [await startWeb(db, { settings }), await startWeb(db, { settings })] as const;
}

const ask = ({ url }: { url: string }, { headers }: Pick<TestPerson, "headers">, watch: string, wait = 0) =>
  fetch(`${url}/api/live?${new URLSearchParams({ watch, wait: String(wait) })}`, { headers });
const told = async (...args: Parameters<typeof ask>) => (await (await ask(...args)).json()) as Answer;

test("two web processes asked in turn give every event once and in order, and as soon as it is there", async () => {
  await using db = await testDatabase();
  const [one, other] = await twoWebs(db);
  await using _one = one;
  await using _other = other;
  const anna = await one.signUp();
  const [mine, workspace] = [userTopic(anna.userId), workspaceTopic(anna.workspaceId)];
  const [{ events: before }] = [await told(one, anna, `${mine}@0,${workspace}@0`)];
  const last = new Map([mine, workspace].map((topic) => [topic, before.filter((e) => e.topic === topic).length]));
  const first = last.get(workspace) ?? 0;
  const writing = (async () => {
    for (let number = 0; number < 60; number += 1) await announceTick(db, number % 3 === 0 ? mine : workspace);
  })();
  const seqs: number[] = [];
  for (let turn = 0; seqs.length < 40; turn += 1) {
    const watch = [...last].map(([topic, seq]) => `${topic}@${seq}`).join();
    for (const { topic, seq, prev } of (await told(turn % 2 === 0 ? one : other, anna, watch, 20)).events) {
      expect([topic, prev]).toEqual([topic, last.get(topic)]);
      last.set(topic, seq);
      if (topic === workspace) seqs.push(seq);
    }
  }
  await writing;
  expect(seqs).toEqual(upTo(first + 40, first + 1));
  expect((await told(other, anna, `${workspace}@${last.get(workspace)}`)).events).toEqual([]);
});

test("who asks is told of nothing that is not theirs, nor of what stops being theirs while they wait", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const [anna, bob] = [await web.signUp(), await web.signUp()];
  const { id: workspaceId } = await anna.json<{ id: string }>("/api/workspaces", {
    method: "POST",
    body: { name: "W" },
  });
  await joinWorkspace({ inviter: anna, workspaceId }, bob, "viewer");
  const topic = workspaceTopic(workspaceId);
  const { events } = await told(web, bob, `${topic}@0`);
  const watch = `${topic}@${events.length}`;

  expect((await ask(web, { headers: { cookie: "", origin: web.url } }, watch)).status).toBe(401);
  for (const foreign of [
    userTopic(anna.userId),
    workspaceTopic(anna.workspaceId),
    `conversation:${newId()}`,
    "channel:x",
  ]) {
    expect(await told(web, bob, `${foreign}@0,${watch}`, 20)).toEqual({
      events: [],
      ended: [{ topic: foreign, code: "not_found" }],
    });
  }
  for (const bad of ["", "x", `${topic}@-1`, `${topic}@1e3`, topic, `${topic}@1,`]) {
    expect([bad, (await ask(web, bob, bad)).status]).toEqual([bad, 400]);
  }
  expect((await ask(web, bob, watch, 21)).status).toBe(400);
  expect(await told(web, bob, watch, 1)).toEqual({ events: [], ended: [] });
  expect((await told(web, bob, `${topic}@999999`)).ended).toEqual([{ topic, code: "gap" }]);

  const removed = told(web, bob, watch, 20);
  await db.prisma.membership.deleteMany({ where: { userId: bob.userId, workspaceId } });
  await db.prisma.$transaction((tx) =>
    announce(tx, [{ topic: userTopic(bob.userId), type: "access.changed", data: { workspaceId, role: null } }]),
  );
  expect(await removed).toEqual({ events: [], ended: [{ topic, code: "not_found" }] });
  const own = userTopic(bob.userId);
  const { events: known } = await told(web, bob, `${own}@0`);
  const waiting = ask(web, bob, `${own}@${known.at(-1)?.seq}`, 20);
  await expect
    .poll(() => web.deps.metrics.getSingleMetricAsString("convene_live_connections"))
    .toContain('{kind="poll"} 1');
  await db.prisma.session.deleteMany({ where: { userId: bob.userId } });
  expect((await waiting).status).toBe(401);
});

test("a page that no WebSocket reaches follows by polling, asks no more than it has to, and goes back to a socket", async () => {
  await using db = await testDatabase();
  const [one, other] = await twoWebs(db);
  await using _one = one;
  await using _other = other;
  await using proxy = await roundRobinProxy([one.url, other.url], { blocksSockets: true });
  const polls = () => proxy.passed.filter(({ path }) => path.startsWith("/api/live?")).length;
  const anna = await one.signUp();
  const topic = workspaceTopic(anna.workspaceId);
  const { events } = await told(one, anna, `${topic}@0`);
  const start = events.length;
  const { cookie } = anna;
  const client = createLiveClient({
    url: proxy.url,
    // The pages' origin is that of the first server; a program sends none.
    socket: { extraHeaders: { cookie } },
    firstDelayMs: 20,
    longestDelayMs: 100,
    slowDelayMs: 200,
  });
  const seqs: number[] = [];
  let gaps = 0;
  try {
    client.watch(topic, start, { onEvent: ({ seq }) => seqs.push(seq), onGap: () => (gaps += 1) });
    await until(() => client.status().state === "polling", "the way without a WebSocket");
    for (let number = 0; number < 20; number += 1) await announceTick(db, topic);
    await until(() => seqs.length === 20, "events by polling");
    const before = polls();
    await announceTick(db, topic);
    await until(() => seqs.length === 21, "one more");
    // The question that it answered was asked before; one is asked after it.
    expect(polls() - before).toBeLessThanOrEqual(2);
    // One who watches more is told of that at once, in the middle of a wait.
    const more: number[] = [];
    await announceTick(db, userTopic(anna.userId));
    client.watch(userTopic(anna.userId), 0, { onEvent: ({ seq }) => more.push(seq), onGap: () => undefined });
    await until(() => more.length > 0, "another topic");
    expect(client.status().state).toBe("polling");
    proxy.letThrough();
    await until(() => client.status().state === "live", "the WebSocket");
    const asked = polls();
    for (let number = 0; number < 20; number += 1) await announceTick(db, topic);
    await until(() => seqs.length === 41, "events by the WebSocket");
    await pause(500);
    expect(polls()).toBe(asked);
    expect(seqs).toEqual(upTo(start + 41, start + 1));
    expect(gaps).toBe(0);
  } finally {
    client.close();
  }
});
