import { StreamClient } from "@stream-io/node-sdk";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { checkSession } from "./stream-session.ts";
import { startFakeStream } from "./stream.ts";
import type { FakeStream } from "./stream.ts";

const sdkOf = (fake: FakeStream, secret = fake.apiSecret) =>
  new StreamClient(fake.apiKey, secret, { basePath: fake.baseUrl, timeout: 5_000 });

/** A raw connection of an agent, so that a message can be sent that the SDK would not send. */
async function rawAgent(fake: FakeStream, headers: Record<string, string> = {}, callId = "m1") {
  const token = sdkOf(fake).generateCallToken({ user_id: "agent-1", call_cids: ["default:m1"] });
  const url = `${fake.baseUrl}/video/connect_agent?call_type=default&call_id=${callId}&api_key=${fake.apiKey}&model=x`;
  const socket = new WebSocket(url, {
    headers: { authorization: `Bearer ${fake.openAiApiKey}`, "stream-authorization": token, ...headers },
  });
  const messages: { type: string; [field: string]: unknown }[] = [];
  let wake = () => {};
  socket.on("message", (data: Buffer) => {
    messages.push(JSON.parse(data.toString("utf8")) as { type: string });
    wake();
  });
  const opened = new Promise<number>((resolve) => {
    socket.on("open", () => resolve(101));
    socket.on("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
    socket.on("error", () => resolve(0));
  });
  const next = async () => {
    while (messages.length === 0)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    return messages.shift()!;
  };
  return { socket, next, status: await opened, send: (message: object) => socket.send(JSON.stringify(message)) };
}

async function fakeWithCall(options: Parameters<typeof startFakeStream>[0] = {}) {
  const fake = await startFakeStream(options);
  await sdkOf(fake).upsertUsers([{ id: "agent-1", name: "Ada" }]);
  await sdkOf(fake)
    .video.call("default", "m1")
    .getOrCreate({ data: { created_by_id: "host", custom: { meetingId: "m1" } } });
  return fake;
}

test("one field with a beta name makes the whole update fail, as the API does since its general release", async () => {
  await using fake = await fakeWithCall();
  const agent = await rawAgent(fake);
  expect((await agent.next()).type).toBe("session.created");
  agent.send({
    type: "session.update",
    session: { type: "realtime", instructions: "New.", turn_detection: { type: "server_vad" } },
  });
  expect(await agent.next()).toMatchObject({
    type: "error",
    error: { type: "invalid_request_error", code: "unknown_parameter", param: "session.turn_detection" },
  });
  const [link] = fake.call("m1").links;
  expect(link?.lastUpdate()).toBeNull();
  expect(link?.session().instructions).toBe("");
  expect(link?.refusedUpdates()).toBe(1);
});

test.each([
  [{ type: "realtime", voice: "alloy" }, "session.voice"],
  [{ type: "realtime", modalities: ["text", "audio"] }, "session.modalities"],
  [{ type: "realtime", input_audio_transcription: { model: "whisper-1" } }, "session.input_audio_transcription"],
  [{ instructions: "No type." }, "session.type"],
  [{ type: "realtime", audio: { output: { voice: "robot" } } }, "session.audio.output.voice"],
  [
    { type: "realtime", audio: { input: { transcription: { model: "whisper-9" } } } },
    "session.audio.input.transcription.model",
  ],
  [null, "session"],
])("the session %j is refused for %s", (session, param) => {
  expect(checkSession(session)).toMatchObject({ type: "invalid_request_error", param });
});

test("an update changes what it names and keeps the rest", async () => {
  await using fake = await fakeWithCall();
  const agent = await rawAgent(fake);
  await agent.next();
  agent.send({ type: "session.update", session: { type: "realtime", audio: { output: { voice: "cedar" } } } });
  agent.send({ type: "session.update", session: { type: "realtime", instructions: "Later." } });
  await agent.next();
  expect(await agent.next()).toMatchObject({
    type: "session.updated",
    session: { instructions: "Later.", audio: { output: { voice: "cedar" } } },
  });
});

test("what a session did not ask for is not heard", async () => {
  await using fake = await fakeWithCall();
  const agent = await rawAgent(fake);
  await agent.next();
  fake.call("m1").say({ speaker: "user", text: "Hello?" });
  fake.call("m1").say({ speaker: "agent", text: "Yes." });
  const types = [];
  for (let type = ""; type !== "response.created"; types.push(type)) ({ type } = await agent.next());
  expect(types).toContain("input_audio_buffer.speech_started");
  expect(types.filter((type) => type.includes("transcription"))).toEqual([]);
});

test("an agent needs a token for this very call, signed with the app's secret", async () => {
  await using fake = await fakeWithCall();
  const forged = sdkOf(fake, "other").generateCallToken({ user_id: "agent-1", call_cids: ["default:m1"] });
  const past = sdkOf(fake).generateCallToken({ user_id: "agent-1", call_cids: ["default:m1"], exp: 1000, iat: 900 });
  for (const token of [forged, past, "", "a.b.c"])
    expect((await rawAgent(fake, { "stream-authorization": token })).status).toBe(401);
  expect((await rawAgent(fake, {}, "m2")).status).toBe(401);
  expect((await rawAgent(fake)).status).toBe(101);
});

test("an agent whose user was never made, and a call that was never made, are told as such", async () => {
  await using fake = await startFakeStream();
  expect(await (await rawAgent(fake)).next()).toMatchObject({ type: "error", error: { code: "16" } });
  fake.call("m1").create(undefined);
  expect(await (await rawAgent(fake)).next()).toMatchObject({
    type: "error",
    error: { message: "the user agent-1 does not exist" },
  });
});

test("a call keeps its custom data, and a token of another app reads nothing", async () => {
  await using fake = await fakeWithCall();
  const { call } = await sdkOf(fake).video.call("default", "m1").get();
  expect(call).toMatchObject({ cid: "default:m1", custom: { meetingId: "m1" }, current_session_id: "" });
  await expect(sdkOf(fake, "other").video.call("default", "m1").get()).rejects.toThrow("signature is not valid");
  await expect(sdkOf(fake).video.call("default", "m9").get()).rejects.toMatchObject({ code: 16 });
});

test("'end for all' by the API ends the session", async () => {
  await using fake = await fakeWithCall();
  await fake.call("m1").start();
  const call = sdkOf(fake).video.call("default", "m1");
  expect((await call.get()).call.current_session_id).toBe(fake.call("m1").sessions[0]?.id);
  await call.end();
  const { session, current_session_id, ended_at } = (await call.get()).call;
  expect(current_session_id).toBe("");
  expect(session?.ended_at).toBeInstanceOf(Date);
  expect(ended_at).toBeInstanceOf(Date);
});
