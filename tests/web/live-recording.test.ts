import { expect, test } from "vitest";
import type { LiveEvent } from "#domain/live.ts";
import { applyToConversation } from "#web/components/recording/live-recording.ts";
import { matchesIn } from "#web/components/recording/find.ts";
import { problemWith } from "#web/components/uploads/check-file.ts";
import type { RecordingData } from "#web/recording-data.ts";

const at = "2026-11-21T12:00:00.000Z";
const event = (type: LiveEvent["type"], data: unknown): LiveEvent => ({
  topic: "conversation:1",
  seq: 1,
  type,
  data,
  at,
});

const recording: RecordingData = {
  id: "1",
  title: "Talk",
  language: "en",
  createdAt: new Date(at),
  speakers: [{ label: "SPEAKER_01", displayName: null }],
  file: { name: "talk.mp3", bytes: 1, seconds: null, isPlayable: false, hasPeaks: false },
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
