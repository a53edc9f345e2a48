import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { meetingViewOf } from "#domain/meeting-view.ts";
import { stagesOf } from "#domain/stages.ts";
import { percentAt } from "#domain/run-percent.ts";
import { startPolling } from "#web/live-client/processing-poll.ts";
import type { MeetingStatusAnswer } from "#web/live-client/processing-poll.ts";
import { captionAt, elapsedSeconds, forward, giveUpAfterMs, nextPollMs } from "#web/live-client/processing-schedule.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("captions change at 30, 70 and 85 percent (A-78)", () => {
  const captions = [0, 29, 30, 69, 70, 84, 85, 100].map(captionAt);
  expect(captions).toEqual([
    ...Array<string>(2).fill("Preparing the conversation…"),
    ...Array<string>(2).fill("Understanding the conversation…"),
    ...Array<string>(2).fill("Producing insights and tracking progress…"),
    ...Array<string>(2).fill("Finalising…"),
  ]);
});

test("weak point 19: captions say what the stages do, since the percentage comes from them", () => {
  const afterCall = stagesOf.meeting.slice(stagesOf.meeting.indexOf("call") + 1);
  const captionsOf = afterCall.map((stage) => captionAt(percentAt("meeting", stage, 0)));
  expect(captionsOf).toEqual([
    "Preparing the conversation…",
    "Understanding the conversation…",
    "Producing insights and tracking progress…",
    "Finalising…",
  ]);
});

test("progress never goes backwards, unless somebody begins a new attempt (A-77)", () => {
  const shown = { attempt: 1, percent: 42 };
  expect(forward(shown, { attempt: 1, percent: 30 })).toBe(shown);
  expect(forward(shown, { attempt: 1, percent: 43 }).percent).toBe(43);
  expect(forward(shown, { attempt: 2, percent: 5 })).toEqual({ attempt: 2, percent: 5 });
});

test("elapsed time is told in whole seconds and never below nothing (A-79)", () => {
  const at = (ms: number) => new Date(1_800_000_000_000 + ms);
  expect(elapsedSeconds(at(0), at(12_999))).toBe(12);
  expect(elapsedSeconds(at(5_000), at(0))).toBe(0);
  expect([elapsedSeconds(null, at(0)), elapsedSeconds(at(0), null)]).toEqual([0, 0]);
});

test("the wait between questions grows by a fifth up to three seconds, and not after a failure (A-80, A-81)", () => {
  let waitMs = 1_000;
  const waits = Array.from({ length: 8 }, () => Math.round((waitMs = nextPollMs(waitMs, "unfinished"))));
  expect(waits).toEqual([1200, 1440, 1728, 2074, 2488, 2986, 3000, 3000]);
  expect(nextPollMs(1_440, "failed")).toBe(1_440);
});

/** Lets the poll run on made-up answers; what it asks, and when, in milliseconds after its start. */
function poll(answerTo: (count: number) => MeetingStatusAnswer | Error) {
  const startedAt = Date.now();
  const log = { asked: [] as number[], answers: [] as string[], failures: 0, gaveUpAfter: null as number | null };
  const stop = startPolling({
    async ask() {
      log.asked.push(Date.now() - startedAt);
      const answer = answerTo(log.asked.length);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    onAnswer: ({ status }) => void log.answers.push(status),
    onGiveUp: () => void (log.gaveUpAfter = Date.now() - startedAt),
    onFailure: () => void (log.failures += 1),
  });
  return { log, stop };
}

const is = (status: MeetingStatusAnswer["status"]): MeetingStatusAnswer => ({ status, error: null });

test("the first question comes after a second, the last with the final answer (A-80)", async () => {
  const { log } = poll((count) => is(count < 4 ? "processing" : "completed"));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(log.asked).toEqual([1_000, 2_200, 3_640, 5_368]);
  expect(log.answers).toEqual(["processing", "processing", "processing", "completed"]);
  expect(vi.getTimerCount()).toBe(0);
});

test("a question that fails is reported and asked again after the same wait (A-81)", async () => {
  const { log } = poll((count) => (count === 4 ? is("completed") : count === 1 ? is("processing") : new Error("503")));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(log.asked).toEqual([1_000, 2_200, 3_400, 4_600]);
  expect([log.failures, log.answers]).toEqual([2, ["processing", "completed"]]);
});

test("weak point 20: nobody asks for ever, whatever the answers are", async () => {
  for (const answer of [is("processing"), new Error("404")]) {
    const { log } = poll(() => answer);
    await vi.advanceTimersByTimeAsync(2 * giveUpAfterMs);
    expect(log.gaveUpAfter).toBeGreaterThanOrEqual(giveUpAfterMs);
    expect(log.gaveUpAfter).toBeLessThan(giveUpAfterMs + 5_000);
    expect(vi.getTimerCount()).toBe(0);
  }
});

test("weak point 20: leaving the view leaves no timer behind, and a late answer is not heard (A-85)", async () => {
  let settle: (answer: MeetingStatusAnswer) => void = () => {};
  const heard: string[] = [];
  const stop = startPolling({
    ask: () => new Promise((resolve) => (settle = resolve)),
    onAnswer: ({ status }) => void heard.push(status),
    onGiveUp: () => {},
    onFailure: () => {},
  });
  await vi.advanceTimersByTimeAsync(1_000);
  stop();
  settle(is("completed"));
  await vi.advanceTimersByTimeAsync(60_000);
  expect([heard, vi.getTimerCount()]).toEqual([[], 0]);
});

test("a retry that waits or begins is shown as processing, not as a meeting to come (weak point 18)", () => {
  expect(meetingViewOf({ status: "pending", stage: "upcoming" })).toBe("upcoming");
  expect(meetingViewOf({ status: "starting", stage: "upcoming" })).toBe("active");
  expect(meetingViewOf({ status: "active", stage: "call" })).toBe("active");
  expect(meetingViewOf({ status: "pending", stage: "drain" })).toBe("processing");
  expect(meetingViewOf({ status: "starting", stage: "summary" })).toBe("processing");
  expect(meetingViewOf({ status: "failed", stage: "summary" })).toBe("failed");
});
