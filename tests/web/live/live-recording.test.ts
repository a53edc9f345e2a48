import { expect, test } from "vitest";
import type { LiveEvent, LiveEventData, LiveEventType, RunEventData, RunLiveEvent } from "#domain/live.ts";
import { labelOf } from "#domain/transcript.ts";
import { liveEvent, runData } from "#tests/live-event.ts";
import { applyToConversation } from "#web/components/conversation/live-conversation.ts";
import { matchesIn } from "#web/components/conversation/find.ts";
import { secondsOf, stepOf } from "#web/components/conversation/steps.ts";
import { problemWith } from "#web/components/uploads/check-file.ts";
import type { RecordingData } from "#web/pages/recordings/recording-data.ts";

const at = "2026-11-21T12:00:00.000Z";
const event = <Type extends LiveEventType>(type: Type, data: LiveEventData[Type]) =>
  liveEvent(type, data, { topic: "conversation:1", at });

const recording: RecordingData = {
  id: "1",
  title: "Talk",
  language: "en",
  languages: [],
  createdAt: new Date(at),
  recordedAt: null,
  speakers: [{ label: "SPEAKER_01", displayName: null }],
  merges: [],
  video: null,
  file: { name: "talk.mp3", bytes: 1, seconds: null, isPlayable: false, hasPeaks: false, isSample: false },
  speakerNote: null,
  run: null,
  segments: [],
  analysis: null,
  versions: [],
  canWrite: true,
  feeds: [],
};
const segment = (id: string, start: number) =>
  event("segment.added", { id, sequenceNumber: 1, speaker: "SPEAKER_01", text: id, start, end: start + 1 });

test("segments stand in the order of time, each once", () => {
  const events = [segment("b", 5), segment("a", 1), segment("b", 5), segment("c", 9)];
  const { segments } = events.reduce(applyToConversation, recording);
  expect(segments.map(({ id }) => id)).toEqual(["a", "b", "c"]);
});

test("a speaker's name holds everywhere, and an empty one gives the label back", () => {
  const named = applyToConversation(recording, event("speaker.renamed", { label: "SPEAKER_01", displayName: "Ada" }));
  expect(named.speakers).toEqual([{ label: "SPEAKER_01", displayName: "Ada" }]);
  const cleared = applyToConversation(named, event("speaker.renamed", { label: "SPEAKER_01", displayName: "" }));
  expect(cleared.speakers).toEqual(recording.speakers);
});

test("words that are given to another speaker are theirs at once, and no others", () => {
  const events = [
    segment("a", 1),
    segment("b", 5),
    event("segments.reassigned", { segmentIds: ["b"], label: "SPEAKER_02" }),
  ];
  const { segments } = events.reduce(applyToConversation, recording);
  expect(segments.map(labelOf)).toEqual(["SPEAKER_01", "SPEAKER_02"]);
});

test("the words of a speaker who is another are the other's, those that were given to them too", () => {
  const moved = event("segments.reassigned", { segmentIds: ["b"], label: "SPEAKER_02" });
  const merged = event("speakers.merged", { label: "SPEAKER_02", into: "SPEAKER_03" });
  const { segments } = [segment("a", 1), segment("b", 5), moved, merged].reduce(applyToConversation, recording);
  expect(segments.map(labelOf)).toEqual(["SPEAKER_01", "SPEAKER_03"]);
});

test("tasks follow the names of those whose they are", () => {
  const task = { text: "t", due: null, segmentIds: [], done: false };
  const items = ["Speaker 1", "Speaker 2", "Ada"].map((owner) => ({ ...task, id: owner, owner }));
  const analysis = { version: 1, text: "", bullets: [], notes: [], actionItems: items };
  const state = {
    ...recording,
    analysis: analysis as unknown as NonNullable<RecordingData["analysis"]>,
    speakers: [
      { label: "SPEAKER_01", displayName: null },
      { label: "SPEAKER_02", displayName: null },
      { label: "SPEAKER_03", displayName: "Ada" },
    ],
  };
  const owners = (events: LiveEvent[]) =>
    events.reduce(applyToConversation, state).analysis?.actionItems.map(({ owner }) => owner);
  const merged = [
    event("speakers.merged", { label: "SPEAKER_03", into: "SPEAKER_02" }),
    event("speaker.renamed", { label: "SPEAKER_03", displayName: "" }),
    event("speaker.renamed", { label: "SPEAKER_02", displayName: "Ada" }),
  ];
  expect(owners(merged)).toEqual(["Speaker 1", "Ada", "Ada"]);
  const renamed = event("speaker.renamed", { label: "SPEAKER_02", displayName: "Bob" });
  expect(owners([...merged, renamed])).toEqual(["Speaker 1", "Bob", "Bob"]);
  const intoAda = event("speakers.merged", { label: "SPEAKER_02", into: "SPEAKER_03" });
  expect(owners([intoAda])).toEqual(["Speaker 1", "Ada", "Ada"]);
});

test("words are found in any case, and where lower case is longer than what was said", () => {
  expect(matchesIn("Import, IMPORT and more", "import")).toEqual([0, 8]);
  expect(matchesIn("İstanbul plan", "plan")).toEqual([9]);
  expect(matchesIn("anything", "")).toEqual([]);
});

test("a file is refused before it is sent, in words", () => {
  const file = { name: "talk.mp3", size: 10, type: "audio/mpeg" };
  expect(problemWith(file, 100)).toBeNull();
  expect(problemWith({ ...file, name: "talk.flac", type: "" }, 100)).toBeNull();
  expect(problemWith({ ...file, size: 0 }, 100)).toMatch(/empty/);
  expect(problemWith({ ...file, size: 101 }, 100)).toMatch(/larger/);
  expect(problemWith({ ...file, name: "talk.pdf", type: "application/pdf" }, 100)).toMatch(/not an audio or video/);
});

const stage = (stage: string, status: string, finishedAt: Date | null) => ({
  runId: "r",
  stage,
  status,
  tries: 1,
  message: "",
  startedAt: new Date("2026-11-21T11:59:00.000Z"),
  finishedAt,
});
const error = { code: "provider_unavailable", message: "No answer", stage: "transcription", attempt: 1 } as const;
const running = {
  id: "r",
  status: "processing",
  stage: "transcription",
  attempt: 1,
  error: null,
  finishedAt: null,
  stages: [stage("transcode", "completed", new Date(at)), stage("transcription", "active", null)],
} as unknown as NonNullable<RecordingData["run"]>;
const failed = {
  ...running,
  status: "failed",
  error,
  stages: [stage("transcode", "completed", new Date(at)), stage("transcription", "failed", new Date(at))],
};

const news = (type: RunLiveEvent["type"], change: Partial<RunEventData>) =>
  event(type, runData({ runId: "r", stage: "transcription", ...change }));
const runAfter = (run: NonNullable<RecordingData["run"]>, ...events: LiveEvent[]) => {
  const after = events.reduce(applyToConversation, { ...recording, run }).run;
  if (after === null) throw new Error("The run is gone");
  return after;
};
const rowOf = (run: NonNullable<RecordingData["run"]>, name: string) =>
  run.stages.find(({ stage }) => stage === name) ?? null;
const stepIn = (run: NonNullable<RecordingData["run"]>, name = "transcription") => stepOf(run, name, rowOf(run, name));

test("a stage that failed is told as failed until it is tried again, then as waiting, then in progress", () => {
  const retried = runAfter(failed, news("run.created", { status: "pending", attempt: 2 }));
  const begun = runAfter(retried, news("run.stage", { attempt: 2 }));
  expect([failed, retried, begun].map((run) => stepIn(run))).toEqual(["failed", "waiting", "active"]);
  expect(rowOf(begun, "transcription")).toMatchObject({ tries: 2, startedAt: new Date(at), finishedAt: null });
});

test("a cancelled run's stage stopped with it: no clock runs on, and what had begun is not told as not begun", () => {
  const cancelled = runAfter(running, news("run.cancelled", { status: "cancelled" }));
  const row = rowOf(cancelled, "transcription");
  const later = new Date("2026-11-21T15:00:00.000Z");
  expect([stepIn(cancelled), stepIn(cancelled, "summary")]).toEqual(["stopped", "waiting"]);
  expect(row && secondsOf(cancelled, row, "stopped", later)).toBe(60);
  expect(row && secondsOf(running, row, "active", later)).toBe(3 * 3600 + 60);
});
