import { expect, test } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";
import { createMeetingClient } from "#web/live-client/meeting-client.ts";
import type { MeetingClientOptions, MeetingToken } from "#web/live-client/meeting-client.ts";
import type { ConnectionStatus } from "#web/live-client/reconnector.ts";
import { addSegment, liveServer, pause, person, until } from "../live/live-server.ts";
import { recording, runWhole, worker } from "../recording-run.ts";
import { relay } from "../network-relay.ts";

const quick = { firstDelayMs: 20, longestDelayMs: 100, slowDelayMs: 200 };

function follow(port: number, meetingId: string, token: MeetingToken, options: MeetingClientOptions = {}) {
  const heard: unknown[] = [];
  const states: ConnectionStatus["state"][] = [];
  const client = createMeetingClient(
    meetingId,
    token,
    {
      onConnected: () => heard.push("connected"),
      onStatus: (status, { stage }) => heard.push(`${status} ${stage}`),
      onTranscript: ({ speaker, text, timestamp }) => heard.push(`${speaker} ${timestamp}: ${text}`),
      onSummary: (summary, actionItems) => heard.push([summary, actionItems]),
      onError: (error) => heard.push(`error: ${error}`),
    },
    ({ state }) => states.push(state),
    { origin: `ws://127.0.0.1:${port}`, ...quick, ...options },
  );
  client.connect();
  return {
    heard,
    states,
    [Symbol.dispose]() {
      client.disconnect();
      client.dispose();
    },
  };
}

test("C-35 C-36 C-43 to C-45 each message type reaches its callback, in order", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const anna = await person(server, db);
  const id = await recording(db, anna);
  using client = follow(server.port, id, anna.token);
  await until(() => client.heard.length === 2, "the connection");
  await runWhole(db, id);
  await until(() => client.heard.includes("completed done"), "completion");
  expect(client.heard).toEqual([
    "connected",
    "processing upload",
    "processing diarization",
    "processing transcription",
    "processing alignment",
    "SPEAKER_01 1.2: Hello everyone",
    "SPEAKER_02 2.5: Hi there",
    ["The team discussed the timeline.", ["Review PRs", "Update docs"]],
    "completed done",
  ]);
  expect(client.states).toEqual(["connecting", "live"]);
});

test("C-37 C weak 4: a client that is cut again and again hears each segment once", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  await using network = await relay(server.port);
  const anna = await person(server, db);
  const id = await recording(db, anna);
  using client = follow(network.port, id, async () => anna.token);
  const { move, stages } = worker(db, id);
  await move({ type: "started" });
  await stages("diarization", "transcription", "alignment");
  for (let turn = 0; turn < 60; turn += 1) {
    await addSegment(db, id, { text: `line ${turn}`, start: turn, end: turn + 1 });
    if (turn % 8 === 3) network.cut();
    await pause(10);
  }
  const lines = () => client.heard.filter((each) => String(each).includes("line"));
  await until(() => lines().length >= 60, "the last line");
  expect(lines()).toEqual(Array.from({ length: 60 }, (_, turn) => `SPEAKER_01 ${turn}: line ${turn}`));
  expect(client.states).toContain("reconnecting");
});

test("C-39 C weak 14: a connection that died without a word is noticed by its pings and replaced", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  await using network = await relay(server.port);
  const anna = await person(server, db);
  const id = await recording(db, anna);
  using client = follow(network.port, id, anna.token, { pingMs: 100, pongTimeoutMs: 1_500 });
  await until(() => client.heard.length === 2, "the connection");
  await pause(600);
  expect(client.states).toEqual(["connecting", "live"]);
  network.swallow();
  await addSegment(db, id, { text: "after" });
  await until(() => client.heard.includes("SPEAKER_01 1.2: after"), "the segment over another connection");
  expect(client.states.slice(0, 4)).toEqual(["connecting", "live", "reconnecting", "live"]);
});

test("C-58 C weak 11: an expired token or a lost session ends the tries at once", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db, { checkRightsMs: 200 });
  const anna = await person(server, db);
  const id = await recording(db, anna);
  const payload = Buffer.from(JSON.stringify({ exp: 1 })).toString("base64url");
  using expired = follow(server.port, id, `e30.${payload}.e30`);
  using signedOut = follow(server.port, id, async () => null);
  using revoked = follow(server.port, id, anna.token);
  await until(() => revoked.heard.length === 2, "the connection");
  await db.prisma.session.delete({ where: { id: anna.sessionId } });
  await until(() => revoked.states.at(-1) === "signed-out", "the revocation");
  await pause(300);
  expect(expired.states).toEqual(["connecting", "signed-out"]);
  expect(signedOut.states).toEqual(["connecting", "signed-out"]);
  expect(revoked.states).toEqual(["connecting", "live", "signed-out"]);
});

test("C-58 C weak 11: a token that is revoked before it is used, and a meeting of others, end the tries at once", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const [anna, bob] = [await person(server, db), await person(server, db)];
  const id = await recording(db, anna);
  using stranger = follow(server.port, id, bob.token);
  await db.prisma.session.delete({ where: { id: anna.sessionId } });
  using revoked = follow(server.port, id, anna.token);
  await until(() => revoked.states.at(-1) === "signed-out", "the revocation");
  await until(() => stranger.states.at(-1) === "idle", "the refusal");
  await pause(300);
  expect(revoked.states).toEqual(["connecting", "signed-out"]);
  expect(stranger.states).toEqual(["connecting", "idle"]);
  expect(stranger.heard).toEqual(["error: This meeting was deleted, or is not yours to watch any more."]);
});

test("C-3 C-40 C-66 a client that leaves disconnects cleanly and hears nothing more", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const anna = await person(server, db);
  const id = await recording(db, anna);
  const client = follow(server.port, id, anna.token);
  await until(() => client.heard.length === 2, "the connection");
  client[Symbol.dispose]();
  await addSegment(db, id);
  await pause(200);
  expect(client.heard.length).toBe(2);
  expect(client.states.at(-1)).toBe("idle");
  await expect.poll(() => server.metrics.metrics()).toContain('convene_live_connections{kind="meeting"} 0');
});
