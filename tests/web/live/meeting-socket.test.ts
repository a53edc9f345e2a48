import { expect, test } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";
import { addSegment, liveServer, meetingClient, pause, person, until } from "./live-server.ts";
import { recording, runWhole, worker } from "../recording-run.ts";

type Messages = Record<string, unknown>[];
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const status = (stage: string, words: string, of = "processing") => ({
  type: "status",
  status: of,
  details: { message: words, stage },
  timestamp: expect.stringMatching(isoTime) as string,
});
const line = (speaker: string, text: string, timestamp: number) => ({
  type: "transcript",
  segment: { id: expect.any(String) as string, speaker, text, timestamp },
  timestamp: expect.stringMatching(isoTime) as string,
});
const wholeSequence = (id: string) => [
  {
    type: "connected",
    meeting_id: id,
    message: "Connected to real-time meeting updates",
    timestamp: expect.stringMatching(isoTime) as string,
  },
  status("upload", "Audio received, starting processing"),
  status("diarization", "Starting speaker diarization…"),
  status("transcription", "Transcribing audio…"),
  status("alignment", "Aligning transcript with speakers…"),
  line("SPEAKER_01", "Hello everyone", 1.2),
  line("SPEAKER_02", "Hi there", 2.5),
  {
    type: "summary",
    summary: "The team discussed the timeline.",
    action_items: ["Review PRs", "Update docs"],
    timestamp: expect.stringMatching(isoTime) as string,
  },
  status("done", "Processing completed", "completed"),
];
const withoutSeq = (messages: Messages) =>
  messages.map((message) => Object.fromEntries(Object.entries(message).filter(([name]) => name !== "seq")));
const isOver = (messages: Messages) => messages.some(({ status }) => status === "completed");

test("C-2 C-5 to C-7 C-9 C-17 to C-34 C-48 to C-50 C-59 C-69 a client that is there from the start sees the whole run as it happens", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const anna = await person(server, db);
  const id = await recording(db, anna);
  using client = meetingClient(server.meetingUrl(id, { token: anna.token }));
  await until(() => client.messages.length >= 2, "the history");
  await runWhole(db, id);
  await until(() => isOver(client.messages), "completion");
  expect(withoutSeq(client.messages)).toEqual(wholeSequence(id));
});

test("C weak 2: clients that come late, at any moment, see the very same sequence", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const anna = await person(server, db);
  const id = await recording(db, anna);
  const running = runWhole(db, id);
  const clients = [];
  for (let late = 0; late < 15; late += 1) {
    clients.push(meetingClient(server.meetingUrl(id, { token: anna.token })));
    await pause(10);
  }
  await running;
  clients.push(meetingClient(server.meetingUrl(id, { token: anna.token })));
  for (const client of clients) {
    await until(() => isOver(client.messages), "completion");
    expect(withoutSeq(client.messages)).toEqual(wholeSequence(id));
    client.ws.terminate();
  }
});

test("C-13 a client that resumes after the last number it saw gets the rest and nothing twice", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const anna = await person(server, db);
  const id = await recording(db, anna);
  const { move, stages } = worker(db, id);
  await move({ type: "started" });
  await stages("diarization", "transcription", "alignment");
  await addSegment(db, id, { text: "one" });
  using first = meetingClient(server.meetingUrl(id, { token: anna.token }));
  await until(() => first.messages.some(({ type }) => type === "transcript"), "the first segment");
  const seq = String(first.messages.findLast((message) => "seq" in message)?.["seq"]);
  first.ws.terminate();
  await addSegment(db, id, { text: "two" });
  using again = meetingClient(server.meetingUrl(id, { token: anna.token, after: seq }));
  await addSegment(db, id, { text: "three" });
  await until(() => again.messages.length === 3, "the rest");
  expect(again.messages.map(({ segment }) => (segment as { text: string } | undefined)?.text)).toEqual([
    undefined,
    "two",
    "three",
  ]);
});

test("C-8 C-23 C-30 C weak 6: a failed run ends with its error, live and for a late client", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const anna = await person(server, db);
  const id = await recording(db, anna);
  using early = meetingClient(server.meetingUrl(id, { token: anna.token }));
  await until(() => early.messages.length === 2, "the history");
  const { move, stages } = worker(db, id);
  await move({ type: "started" });
  await stages("transcode");
  const message = "This file has no sound in it that we can read. Upload an audio or video file.";
  await move({ type: "failed", error: { code: "not_audio", message, stage: "transcode", attempt: 1 } });
  using late = meetingClient(server.meetingUrl(id, { token: anna.token }));
  for (const client of [early, late]) {
    await until(() => client.messages.length === 3, "the error");
    expect(withoutSeq(client.messages).at(-1)).toEqual({
      type: "error",
      error: message,
      timestamp: expect.stringMatching(isoTime) as string,
    });
  }
});

test("C-4 C-46 what is said of one meeting reaches only its own clients", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const anna = await person(server, db);
  const [first, second] = [await recording(db, anna), await recording(db, anna)];
  using one = meetingClient(server.meetingUrl(first, { token: anna.token }));
  using two = meetingClient(server.meetingUrl(second, { token: anna.token }));
  await until(() => one.messages.length === 2 && two.messages.length === 2, "the history");
  await addSegment(db, first);
  await until(() => one.messages.length === 3, "the segment");
  await pause(100);
  expect(two.messages.length).toBe(2);
});
