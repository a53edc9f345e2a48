import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isPortOpen } from "#local/port-checks.ts";
import { createWebhookSender, streamEvents } from "#tests/fakes/stream.ts";
import type { FakeCall } from "#tests/fakes/stream.ts";
import { lockTable } from "#tests/setup/locked-table.ts";
import { startLiveConvene } from "./meetings/live-convene.ts";
import type { LiveConvene } from "./meetings/live-convene.ts";
import { watchConversation } from "./watcher.ts";

const patience = { timeout: 120_000, interval: 100 };
const opening = [
  { speaker: "agent", text: "What do you want to reach?" },
  { speaker: "user", text: "I want to finish my book about lighthouses by June." },
] as const;
const closing = [
  { speaker: "agent", text: "What would help you to get there?" },
  { speaker: "user", text: "Writing every morning before breakfast." },
] as const;

let at: LiveConvene;
beforeAll(async () => {
  at = await startLiveConvene();
  at.stream.webhook(at.webhookUrl);
});
afterAll(() => at[Symbol.asyncDispose]());

test("kill -9 of the worker in the call and in the analysis: the result is that of a meeting left in peace", async () => {
  // An agent each: with the same one the second meeting would be the plan's next session.
  const peaceful = await holdMeeting(await at.addAgent(), {});
  let heard = "";
  const hanging = () => at.openAi.requests.filter(({ fault }) => fault === "hang").length;
  const hungBefore = hanging();
  const struck = await holdMeeting(await at.addAgent(), {
    async inCall(call) {
      at.convene.kill("worker");
      const second = await call.agent(2);
      heard = second.session().instructions ?? "";
    },
    async beforeEnd() {
      at.openAi.failNext({ kind: "hang" });
    },
    async inAnalysis() {
      await expect.poll(hanging, patience).toBeGreaterThan(hungBefore);
      at.convene.kill("worker");
    },
  });
  for (const { text } of opening) expect(heard).toContain(text);
  expect(struck).toEqual(peaceful);
  expect(struck.lines).toEqual([...opening, ...closing].map((line, at) => ({ ...line, sequenceNumber: at + 1 })));
  expect(struck).toMatchObject({ analyses: 1, next: 1, completions: 1 });
  expect(struck.pushed).toEqual(struck.lines);
}, 600_000);

test("kill -9 of the web around its 2xx: what was answered is kept, what was not can be sent again, nothing counts twice", async () => {
  const { apiKey, apiSecret } = at.stream;
  // One try, so that the test sees each answer.
  const sender = createWebhookSender(at.webhookUrl, { apiKey, apiSecret, retryMs: 60_000 });
  const id = await at.addMeeting(await at.addAgent());
  const call = at.stream.call(id);
  await call.start({ lost: true });
  const facts = { meetingId: id, sessionId: call.sessions[0]!.id, startedAt: call.sessions[0]!.startedAt };
  const started = streamEvents.sessionStarted({ ...facts, at: facts.startedAt });

  const databaseUrl = await at.convene.databaseUrl();
  const meetings = await lockTable(databaseUrl, "meeting", "ACCESS EXCLUSIVE");
  const beforeInsert = sender.send(started);
  await meetings.awaited(`SELECT%"meeting"%"agent_id"%`);
  at.convene.kill("web");
  expect(await beforeInsert).toMatchObject([{ status: null }]);
  await meetings.release();
  await at.serving();
  expect(await at.deliveries(id)).toEqual([]);
  expect(await sender.send(started)).toMatchObject([{ status: 200 }]);
  at.convene.kill("web");
  expect(await at.deliveries(id)).toMatchObject([{ type: "call.session_started" }]);
  await call.agent();
  await at.serving();
  await expect.poll(async () => (await at.meeting(id)).status, patience).toBe("active");

  await call.end({ lost: true });
  const ended = streamEvents.sessionEnded({ ...facts, at: call.sessions[0]!.endedAt! });
  const inbox = await lockTable(databaseUrl, "webhook_delivery", "SHARE");
  const beforeAnswer = sender.send(ended);
  await inbox.awaited("INSERT INTO webhook_delivery%");
  at.convene.kill("web");
  expect(await beforeAnswer).toMatchObject([{ status: null }]);
  await inbox.release();
  await expect.poll(() => at.deliveries(id), patience).toHaveLength(2);
  await at.serving();
  expect(await sender.send(ended)).toMatchObject([{ status: 200 }]);
  expect(await at.deliveries(id)).toHaveLength(2);
  await expect.poll(async () => (await at.meeting(id)).nextId, patience).not.toBeNull();
  expect(await countsOf(id)).toEqual({ analyses: 1, completions: 1, next: 1 });
  expect(call.links).toHaveLength(1);
}, 600_000);

test("a webhook while Temporal is down is answered 2xx and done within 60 s of its return", async () => {
  const id = await at.addMeeting(await at.addAgent());
  const down = at.convene.keepDown("temporal", 15_000);
  await wait(1_000);
  const call = at.stream.call(id);
  expect(await call.start()).toMatchObject([{ status: 200 }]);
  expect(await at.deliveries(id)).toEqual([{ type: "call.session_started", state: "new" }]);
  await down;
  await expect.poll(() => isPortOpen(at.temporalPort), patience).toBe(true);
  const states = async () => (await at.deliveries(id)).map(({ state }) => state);
  await expect.poll(states, { timeout: 60_000, interval: 100 }).toEqual(["done"]);
  await call.agent();
  await call.end();
  await expect.poll(async () => (await at.meeting(id)).status, patience).toBe("completed");
}, 600_000);

interface Moments {
  /** After the opening words are stored and told. */
  inCall?: (call: FakeCall) => Promise<void>;
  beforeEnd?: () => Promise<void>;
  inAnalysis?: () => Promise<void>;
}

/** A whole meeting from its webhook to its next session, watched as a browser does; gives all that people see of it. */
async function holdMeeting(agentId: string, moments: Moments) {
  const id = await at.addMeeting(agentId);
  const call = at.stream.call(id);
  using watcher = watchConversation(at.convene, id);
  const pushed = () => watcher.ofType("segment.added").map(({ data }) => wordsOf(data as Line));

  expect(await call.start()).toMatchObject([{ status: 200 }]);
  const link = await call.agent();
  // The fake refuses whatever the API does not know since its general release.
  expect(link.refusedUpdates()).toBe(0);
  expect(link.lastUpdate()).toMatchObject({
    type: "realtime",
    audio: { input: { transcription: { model: expect.any(String) } }, output: { voice: "alloy" } },
  });
  for (const line of opening) call.say(line);
  await expect.poll(pushed, patience).toHaveLength(opening.length);
  await moments.inCall?.(call);
  for (const line of closing) call.say(line);
  await expect.poll(pushed, patience).toHaveLength(opening.length + closing.length);
  expect((await at.meeting(id)).status).toBe("active");
  await moments.beforeEnd?.();
  expect(await call.end()).toMatchObject([{ status: 200 }]);
  await moments.inAnalysis?.();
  // The next session is told of right after it.
  await watcher.expectWhole();
  await expect.poll(async () => (await at.meeting(id)).nextId, patience).not.toBeNull();
  expect(call.openLinks()).toEqual([]);

  const { status, summary } = await at.meeting(id);
  const lines = (await at.transcript(id)).map(wordsOf);
  return { status, summary: summary?.text, lines, pushed: pushed(), ...(await countsOf(id)) };
}

async function countsOf(id: string) {
  const [counts] = await at.convene.rows<{ analyses: number; completions: number; next: number }>(
    `SELECT (SELECT count(*)::int FROM analysis WHERE conversation_id = $1) AS analyses,
            (SELECT count(*)::int FROM live_event
              WHERE topic = 'conversation:' || $1 AND type = 'run.completed') AS completions,
            (SELECT count(*)::int FROM meeting WHERE previous_id = $1) AS next`,
    [id],
  );
  return counts;
}

interface Line {
  speaker: string;
  text: string;
  sequenceNumber: number;
}

/** What was said, without the times and ids that differ between two meetings. */
const wordsOf = ({ speaker, text, sequenceNumber }: Line): Line => ({ speaker, text, sequenceNumber });
