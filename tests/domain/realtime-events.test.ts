import fc from "fast-check";
import { expect, test } from "vitest";
import { createSpeechOrder, readRealtime } from "#domain/realtime-events.ts";

test.each(["response.audio_transcript.done", "response.output_audio_transcript.done"])(
  "A-45: %s is the agent's utterance",
  (type) => {
    expect(readRealtime({ type, item_id: "item_1", transcript: " Hello there. " })).toEqual({
      kind: "said",
      speaker: "agent",
      itemId: "item_1",
      text: "Hello there.",
    });
  },
);

test.each(["conversation.item.input_audio_transcription.completed", "conversation.item.audio_transcription.completed"])(
  "A-46, weak point 12: %s is the person's utterance",
  (type) => {
    expect(readRealtime({ type, item_id: "item_2", transcript: "Good morning." })).toEqual({
      kind: "said",
      speaker: "user",
      itemId: "item_2",
      text: "Good morning.",
    });
  },
);

test("whose utterance it is, where the room tells: by id, and by a name that can be kept", () => {
  const type = "conversation.item.input_audio_transcription.completed";
  const read = (whose: object) => readRealtime({ type, item_id: "i", transcript: "Yes.", ...whose });
  expect(read({ participant_id: "p1", participant_name: "An\u0000na\n" })).toMatchObject({
    person: { id: "p1", name: "Anna" },
  });
  expect(read({ participant_id: "p1", participant_name: 7 })).toMatchObject({ person: { id: "p1", name: null } });
  expect(read({ participant_name: "Anna" })).not.toHaveProperty("person");
});

test.each(["response.output_audio_transcript.done", "conversation.item.input_audio_transcription.completed"])(
  "A-45, A-46: an empty transcript of %s says nothing",
  (type) => {
    for (const transcript of ["", " \n", undefined, null, 7, ["a"]])
      expect(readRealtime({ type, item_id: "item_3", transcript })).toBeNull();
  },
);

test.each([
  ["response.audio_transcript.delta", "agent"],
  ["response.output_audio_transcript.delta", "agent"],
  ["conversation.item.input_audio_transcription.delta", "user"],
  ["conversation.item.audio_transcription.delta", "user"],
])("%s is a part of what the %s is saying, spaces kept", (type, speaker) => {
  expect(readRealtime({ type, item_id: "item_4", delta: " wor" })).toEqual({
    kind: "interim",
    speaker,
    itemId: "item_4",
    delta: " wor",
  });
  expect(readRealtime({ type, item_id: "item_4", delta: "" })).toBeNull();
});

test("the beginning of an utterance is known from the voice, and from the item of either side", () => {
  expect(readRealtime({ type: "input_audio_buffer.speech_started", item_id: "item_5", audio_start_ms: 40 })).toEqual({
    kind: "begun",
    speaker: "user",
    itemId: "item_5",
  });
  for (const type of ["conversation.item.added", "conversation.item.created", "response.output_item.added"]) {
    const read = (item: unknown) => readRealtime({ type, item });
    expect(read({ id: "item_6", role: "assistant" })).toEqual({ kind: "begun", speaker: "agent", itemId: "item_6" });
    expect(read({ id: "item_7", role: "user" })).toEqual({ kind: "begun", speaker: "user", itemId: "item_7" });
    expect(read({ id: "item_8", role: "system" })).toBeNull();
    expect(read({ id: "item_9", type: "function_call" })).toBeNull();
    expect(read({ role: "user" })).toBeNull();
    expect(read(null)).toBeNull();
  }
});

test("errors of the session and of a transcription are problems with a code", () => {
  const error = { type: "invalid_request_error", code: "response_cancel_not_active", message: "Nothing to cancel" };
  expect(readRealtime({ type: "error", error })).toEqual({
    kind: "problem",
    itemId: null,
    code: "response_cancel_not_active",
    message: "Nothing to cancel",
  });
  expect(
    readRealtime({
      type: "conversation.item.input_audio_transcription.failed",
      item_id: "item_10",
      error: { type: "server_error", code: null, message: "Audio unintelligible" },
    }),
  ).toEqual({ kind: "problem", itemId: "item_10", code: "server_error", message: "Audio unintelligible" });
  expect(readRealtime({ type: "error" })).toEqual({ kind: "problem", itemId: null, code: "unknown", message: "" });
});

test("text is capped and fit to be stored", () => {
  const type = "response.output_audio_transcript.done";
  const long = readRealtime({ type, transcript: `${"x".repeat(19_999)}😀${"y".repeat(50_000)}` });
  expect(long).toMatchObject({ itemId: null, text: "x".repeat(19_999) });
  expect(readRealtime({ type, transcript: "a\0b" })).toMatchObject({ text: "ab" });
  expect(readRealtime({ type, transcript: "\0" })).toBeNull();
});

test("events of other types mean nothing here", () => {
  for (const type of ["session.updated", "response.done", "rate_limits.updated", "__proto__", "constructor"])
    expect(readRealtime({ type, item_id: "item_11", transcript: "x", delta: "x" })).toBeNull();
});

test("no event can make the reading throw or give more than it may", () => {
  const types = fc.oneof(
    fc.string(),
    fc.constantFrom(
      "error",
      "response.audio_transcript.done",
      "response.output_audio_transcript.delta",
      "conversation.item.added",
      "input_audio_buffer.speech_started",
      "conversation.item.input_audio_transcription.failed",
    ),
  );
  const event = fc.record(
    { type: types, item_id: fc.anything(), transcript: fc.anything(), delta: fc.anything(), item: fc.anything() },
    { requiredKeys: ["type"] },
  );
  const holds = fc.property(fc.oneof(event, fc.anything()), (hostile) => {
    const news = readRealtime(hostile);
    return news === null || (news.itemId !== "" && (news.kind !== "said" || news.text.trim() !== ""));
  });
  expect(() => fc.assert(holds, { numRuns: 2000 })).not.toThrow();
});

test("weak point 11: an utterance starts when it began, though its words come after the answer to it", () => {
  const order = createSpeechOrder();
  const asked = order.startOf("question", 1000);
  const answered = order.startOf("answer", 1900);
  expect(order.startOf("answer", 4000)).toBe(answered);
  expect(order.startOf("question", 5000)).toBe(asked);
  expect([asked, answered]).toEqual([1000, 1900]);
});

test("what began first stays first in the same millisecond and when the clock steps back", () => {
  const order = createSpeechOrder();
  const starts = [
    order.startOf("a", 1000),
    order.startOf("b", 1000),
    order.startOf(null, 1000),
    order.startOf("c", 400),
    order.startOf("d", NaN),
    order.startOf("e", 5000),
  ];
  expect(starts).toEqual([1000, 1001, 1002, 1003, 1004, 5000]);
  expect(order.startOf("c", 9000)).toBe(1003);
});

test("a session of any length keeps its memory", () => {
  const order = createSpeechOrder();
  for (let index = 0; index < 30_000; index += 1) order.startOf(`item_${index}`, index);
  expect(order.startOf("item_29999", 90_000)).toBe(29_999);
  expect(order.startOf("item_0", 90_000)).toBe(90_000);
});

test("case 15: a name or a message that is cut holds no half of a character", () => {
  const long = `${"a".repeat(199)}\u{1F600}${"b".repeat(2_000)}`;
  const news = readRealtime({ type: "conversation.item.added", item: { id: long, role: "user" } });
  expect(news).toEqual({ kind: "begun", speaker: "user", itemId: "a".repeat(199) });
  const message = `${"a".repeat(999)}\u{1F600}`;
  const problem = readRealtime({ type: "error", item_id: "item_1", error: { code: long, message } });
  expect(problem).toMatchObject({ code: "a".repeat(199), message: "a".repeat(999) });
});
