import fc from "fast-check";
import { expect, test } from "vitest";
import { advance, isFinal, newRun, runStatuses } from "#domain/run.ts";
import type { RunEvent, RunState } from "#domain/run.ts";
import { isBefore, runKinds, stagesOf } from "#domain/stages.ts";

const error = { code: "internal", message: "broken", stage: "transcode", attempt: 1 } as const;
const allStages = [...new Set(Object.values(stagesOf).flat())];
const stage = fc.constantFrom(...allStages.filter((name) => name !== "done"));
const event: fc.Arbitrary<RunEvent> = fc.oneof(
  fc.constant<RunEvent>({ type: "started" }),
  stage.map((name): RunEvent => ({ type: "stage", stage: name })),
  fc
    .record({ stage, fraction: fc.double({ min: -1, max: 2, noNaN: true }) })
    .map((at): RunEvent => ({ type: "progress", ...at })),
  fc.integer({ min: 1, max: 40 }).map((place): RunEvent => ({ type: "waiting", place })),
  fc.constant<RunEvent>({ type: "completed" }),
  fc.constant<RunEvent>({ type: "failed", error }),
  fc.constant<RunEvent>({ type: "cancelRequested" }),
  fc.constant<RunEvent>({ type: "cancelled" }),
);
const after = (events: RunEvent[], from: RunState = newRun("recording", "upload")) => events.reduce(advance, from);

test("progress never goes back while an attempt lasts, whatever the order of events", () => {
  fc.assert(
    fc.property(fc.array(event), (events) => {
      let state = newRun("recording", "upload");
      for (const each of events) {
        const next = advance(state, each);
        expect(next.percent).toBeGreaterThanOrEqual(state.percent);
        expect(runStatuses).toContain(next.status);
        state = next;
      }
    }),
  );
});

test("a final status stays final until a person retries", () => {
  fc.assert(
    fc.property(fc.array(event), fc.array(event), (events, later) => {
      const state = after(events);
      fc.pre(isFinal(state.status));
      expect(after(later, state)).toBe(state);
    }),
  );
});

test("the same event twice is one: the second gives back the very same state", () => {
  fc.assert(
    fc.property(fc.array(event), event, (events, each) => {
      const once = advance(after(events), each);
      expect(advance(once, each)).toBe(once);
    }),
  );
});

test("100 percent means completed, and only that", () => {
  fc.assert(
    fc.property(fc.array(event), (events) => {
      const state = after(events);
      expect(state.percent === 100).toBe(state.status === "completed");
    }),
  );
});

test("C-33: while work goes on the status is processing, and the last one is completed in stage done", () => {
  const working = after([{ type: "started" }, { type: "stage", stage: "diarization" }]);
  expect(working).toMatchObject({ status: "processing", stage: "diarization" });
  expect(advance(working, { type: "completed" })).toMatchObject({ status: "completed", stage: "done", percent: 100 });
});

test("a stage that is begun again after a crash is no step back", () => {
  const aligned = after([{ type: "started" }, { type: "stage", stage: "alignment" }]);
  expect(advance(aligned, { type: "stage", stage: "transcription" })).toBe(aligned);
});

test("a retry goes on at the failed stage with the next attempt, and tells of the stage anew", () => {
  const inAlignment = { ...error, stage: "alignment" };
  const failed = after([
    { type: "started" },
    { type: "stage", stage: "alignment" },
    { type: "failed", error: inAlignment },
  ]);
  const retried = advance(failed, { type: "retried" });
  expect(retried).toMatchObject({ status: "pending", stage: "transcription", attempt: 2, error: null });
  const begun = after([{ type: "started" }, { type: "stage", stage: "transcription" }], retried);
  expect(begun).toMatchObject({ status: "processing", stage: "transcription", attempt: 2 });
});

test("a bot on its way is no processing yet, tells only new words, and the call follows it", () => {
  const upcoming = newRun("recorder", "upcoming");
  const joining = advance(upcoming, { type: "joining", message: "The bot is joining" });
  expect(joining).toMatchObject({ status: "starting", stage: "joining", message: "The bot is joining" });
  expect(advance(joining, { type: "joining", message: "The bot is joining" })).toBe(joining);
  const waiting = advance(joining, { type: "joining", message: "The bot waits to be let in" });
  const inCall = advance(waiting, { type: "callBegan" });
  expect(inCall).toMatchObject({ status: "active", stage: "call" });
  expect(advance(inCall, { type: "joining", message: "late" })).toBe(inCall);
});

test("only a failed or cancelled run can be retried", () => {
  for (const events of [[], [{ type: "started" }], [{ type: "completed" }]] as RunEvent[][]) {
    const state = after(events);
    expect(advance(state, { type: "retried" })).toBe(state);
  }
});

// The one order of all kinds, as the workflows that are open today may have been started with.
const earlierOrder =
  "upload transcode diarization transcription alignment upcoming call drain summary progress done".split(" ");

test("each kind's stages stand to each other as they did when open runs were started", () => {
  const later: readonly string[] = ["recorder", "video", "backfill", "cut"];
  for (const kind of runKinds.filter((each) => !later.includes(each))) {
    for (const one of stagesOf[kind]) {
      for (const other of stagesOf[kind]) {
        const before = earlierOrder.indexOf(one) < earlierOrder.indexOf(other);
        expect([kind, one, other, isBefore(kind, one, other)]).toEqual([kind, one, other, before]);
      }
    }
  }
});

test("every kind of run is completed in its last stage, and a retry goes on at a stage of its own", () => {
  for (const kind of runKinds) {
    expect(stagesOf[kind].at(-1)).toBe("done");
    for (const failedIn of stagesOf[kind].slice(0, -1)) {
      const failed = advance(newRun(kind, failedIn), { type: "failed", error: { ...error, stage: failedIn } });
      expect(stagesOf[kind]).toContain(advance(failed, { type: "retried" }).stage);
    }
  }
});

test("a stage that the kind of run does not have is never waited for", () => {
  expect(isBefore("analysis", "upload", "summary")).toBe(true);
  expect(isBefore("analysis", "summary", "upload")).toBe(false);
});

test("a run that waits says its place in line, and what it does when its turn comes", () => {
  const words = (place: number) => after([{ type: "started" }, { type: "waiting", place }]).message;
  expect([1, 2, 3, 4, 10, 11, 20, 21, 40].map(words)).toEqual([
    "Waiting for its turn: 1st in line",
    "Waiting for its turn: 2nd in line",
    "Waiting for its turn: 3rd in line",
    "Waiting for its turn: 4th in line",
    "Waiting for its turn: 10th in line",
    "Waiting for its turn: more than 10 are before it",
    "Waiting for its turn: more than 10 are before it",
    "Waiting for its turn: more than 20 are before it",
    "Waiting for its turn: more than 30 are before it",
  ]);
  const waiting: RunEvent[] = [
    { type: "stage", stage: "diarization" },
    { type: "waiting", place: 2 },
  ];
  expect(after([...waiting, { type: "stage", stage: "diarization" }])).toMatchObject({
    stage: "diarization",
    message: "Starting speaker diarization…",
  });
  expect(after([...waiting, { type: "stage", stage: "transcription" }]).message).toBe("Transcribing audio…");
  const cancelled = after([{ type: "cancelRequested" }]);
  expect(advance(cancelled, { type: "waiting", place: 1 })).toBe(cancelled);
});
