import { expect, test } from "vitest";
import type { LiveEvent, LiveEventData, LiveEventType, RunEventData } from "#domain/live.ts";
import { connected, renderEvent, renderHistory, noStagesSent } from "#domain/meeting-socket.ts";
import type { MeetingMessage, SentStages } from "#domain/meeting-socket.ts";
import type { Stage } from "#domain/stages.ts";
import { liveEvent, runData } from "#tests/live-event.ts";

const at = "2026-01-16T10:00:00.000Z";
const run = (changes: Partial<RunEventData>) => runData({ runId: "r", ...changes });
const event = <Type extends LiveEventType>(seq: number, type: Type, data: LiveEventData[Type]) =>
  liveEvent(type, data, { topic: "conversation:c", seq, at });
const segment = {
  id: "s1",
  sequenceNumber: 1,
  speaker: "SPEAKER_01",
  text: "Hello everyone, let's begin",
  start: 1.2,
  end: 3,
};

function renderAll(events: LiveEvent[], from: SentStages = noStagesSent): MeetingMessage[] {
  let sent = from;
  return events.flatMap((each) => {
    const rendered = renderEvent(each, sent);
    sent = rendered.sent;
    return rendered.message ?? [];
  });
}

test("C-26 C-31 connected has exactly its four fields", () => {
  expect(connected("abc123", at)).toEqual({
    type: "connected",
    meeting_id: "abc123",
    message: "Connected to real-time meeting updates",
    timestamp: at,
  });
});

test("C-17 to C-34 a whole run is sent in the reference design's order and shapes", () => {
  const stage = (seq: number, name: Stage) => event(seq, "run.stage", run({ stage: name }));
  const result = {
    analysisId: "a",
    version: 1,
    summary: { text: "The team discussed project timeline", bullets: [] },
    actionItems: [
      { id: "1", text: "Review PRs", owner: null, due: null, segmentIds: [] },
      { id: "2", text: "Update docs", owner: "Ann", due: null, segmentIds: [] },
    ],
  };
  const messages = renderAll([
    event(1, "run.created", run({ status: "pending" })),
    event(2, "run.started", run({})),
    stage(3, "upload"),
    stage(4, "transcode"),
    stage(5, "diarization"),
    event(6, "run.progress", run({ stage: "diarization", percent: 20 })),
    stage(7, "transcription"),
    stage(8, "alignment"),
    event(9, "segment.added", segment),
    stage(10, "summary"),
    event(11, "result.ready", result),
    event(12, "run.completed", run({ status: "completed", stage: "done", percent: 100 })),
  ]);
  const status = (seq: number, name: string, message: string) => ({
    type: "status",
    status: "processing",
    details: { message, stage: name },
    timestamp: at,
    seq,
  });
  expect(messages).toEqual([
    status(1, "upload", "Audio received, starting processing"),
    status(5, "diarization", "Starting speaker diarization…"),
    status(7, "transcription", "Transcribing audio…"),
    status(8, "alignment", "Aligning transcript with speakers…"),
    {
      type: "transcript",
      segment: { id: "s1", speaker: "SPEAKER_01", text: "Hello everyone, let's begin", timestamp: 1.2 },
      timestamp: at,
      seq: 9,
    },
    {
      type: "summary",
      summary: "The team discussed project timeline",
      action_items: ["Review PRs", "Update docs"],
      timestamp: at,
      seq: 11,
    },
    {
      type: "status",
      status: "completed",
      details: { message: "Processing completed", stage: "done" },
      timestamp: at,
      seq: 12,
    },
  ]);
});

test("a stage that is tried again after a crash is sent once, a later attempt tells its own stages", () => {
  const stage = (seq: number, name: Stage, attempt = 1) => event(seq, "run.stage", run({ stage: name, attempt }));
  const error = { code: "stalled", message: "A stage stopped.", stage: "transcription", attempt: 1 } as const;
  const messages = renderAll([
    stage(1, "transcription"),
    stage(2, "transcription"),
    event(3, "run.failed", run({ status: "failed", stage: "transcription", error })),
    event(4, "run.created", run({ status: "pending", stage: "transcription", attempt: 2 })),
    stage(5, "transcription", 2),
    stage(6, "alignment", 2),
  ]);
  expect(messages).toMatchObject([
    { details: { stage: "transcription" }, seq: 1 },
    { type: "error", error: "A stage stopped.", seq: 3 },
    { details: { stage: "transcription" }, seq: 4 },
    { details: { stage: "alignment" }, seq: 6 },
  ]);
});

test("a re-run of the analysis tells its result and no second completion", () => {
  const messages = renderAll([
    event(1, "run.created", run({ kind: "analysis", stage: "summary" })),
    event(2, "result.ready", { analysisId: "b", version: 2, summary: { text: "Anew", bullets: [] }, actionItems: [] }),
    event(3, "run.completed", run({ kind: "analysis", status: "completed", stage: "done" })),
  ]);
  expect(messages).toEqual([{ type: "summary", summary: "Anew", action_items: [], timestamp: at, seq: 2 }]);
});

test("C weak 2: a late client's history has the order of the live messages and tells no stage twice afterwards", () => {
  const { messages, sent } = renderHistory(
    { run: { status: "processing", stage: "alignment", attempt: 1, error: null }, segments: [segment], analysis: null },
    at,
  );
  expect(messages.map((message) => ("details" in message ? message.details.stage : message.type))).toEqual([
    "upload",
    "diarization",
    "transcription",
    "alignment",
    "transcript",
  ]);
  expect(renderAll([event(9, "run.stage", run({ stage: "alignment" }))], sent)).toEqual([]);
});

test("C weak 6: the history of a failed run ends with its error, of a cancelled one with its status", () => {
  const failed = { status: "failed", stage: "diarization", attempt: 1, error: { message: "No speech was found." } };
  const { messages } = renderHistory({ run: failed, segments: [], analysis: null }, at);
  expect(messages.at(-1)).toEqual({ type: "error", error: "No speech was found.", timestamp: at });
  const cancelled = { status: "cancelled", stage: "upload", attempt: 1, error: null };
  expect(renderHistory({ run: cancelled, segments: [], analysis: null }, at).messages.at(-1)).toMatchObject({
    type: "status",
    status: "cancelled",
  });
});
