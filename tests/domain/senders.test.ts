import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { senders, readDelivery } from "#domain/senders.ts";

const id = randomUUID();
const told = (body: object) => readDelivery("stream", JSON.stringify(body));

test("whose a delivery is, is its own call's meeting and nobody else's", () => {
  const named = { type: "call.ended", call: { custom: { meetingId: id } } };
  expect(told(named)?.subject).toEqual({ kind: "meeting", id });
  expect(told({ ...named, call_cid: `default:${id}` })?.subject).toEqual({ kind: "meeting", id });
  expect(told({ ...named, call_cid: `default:${randomUUID()}` })?.subject).toBeNull();
  expect(told({ type: "call.ended", call_cid: `default:${id}` })?.subject).toEqual({ kind: "meeting", id });
  expect(told({ type: "call.ended", call_cid: "default:not-an-id" })?.subject).toBeNull();
});

test("an event goes to its meeting, to a workflow that keeps what it offers, or nowhere", () => {
  const routes = [
    "call.session_started",
    "call.recording_ready",
    "call.transcription_ready",
    "call.updated",
    "toString",
  ];
  expect(routes.map((type) => told({ type })?.route)).toEqual([
    "subject",
    "callAudio",
    "callTranscript",
    "nowhere",
    "nowhere",
  ]);
});

test("a start that does not name its meeting lacks something, any other event does not", () => {
  expect(told({ type: "call.session_started", call_cid: `default:${id}` })?.missing).toBe("meetingId");
  expect(told({ type: "call.session_started", call: { custom: { meetingId: id } } })?.missing).toBeNull();
  expect(told({ type: "call.updated" })?.missing).toBeNull();
});

test("a body that is none of its sender's is read as nothing, whatever it is", () => {
  for (const body of ["", "{", "null", "[]", '"call.ended"', '{"type":7}', "{}"]) {
    for (const sender of senders) expect(readDelivery(sender, body)).toBeNull();
  }
});
