import fc from "fast-check";
import { expect, test } from "vitest";
import { advance, isFinal, newRun, runStatuses } from "#domain/run.ts";
import type { RunEvent, RunState } from "#domain/run.ts";
import { stages } from "#domain/stages.ts";

const error = { code: "internal", message: "broken", stage: "transcode", attempt: 1 } as const;
const stage = fc.constantFrom(...stages.filter((name) => name !== "done"));
const event: fc.Arbitrary<RunEvent> = fc.oneof(
  fc.constant<RunEvent>({ type: "started" }),
  stage.map((name): RunEvent => ({ type: "stage", stage: name })),
  fc
    .record({ stage, fraction: fc.double({ min: -1, max: 2, noNaN: true }) })
    .map((at): RunEvent => ({ type: "progress", ...at })),
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

test("only a failed or cancelled run can be retried", () => {
  for (const events of [[], [{ type: "started" }], [{ type: "completed" }]] as RunEvent[][]) {
    const state = after(events);
    expect(advance(state, { type: "retried" })).toBe(state);
  }
});
