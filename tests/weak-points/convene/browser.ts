import { setImmediate } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { meetingViewOf } from "#domain/meeting-view.ts";
import { fetchStatus, startPolling } from "#web/live-client/processing-poll.ts";
import { forward } from "#web/live-client/processing-schedule.ts";
import { createTurnedClock } from "../naive/page.ts";
import type { Answer, ProcessingPage } from "../system.ts";
import type { FromBrowser, ToBrowser } from "./page.ts";

// The processing view without its looks, in a thread of its own: its timers and its `fetch` are those of the browser
// that it is in, and here they are turned and answered by the thread's parent.
const { id, run } = workerData as {
  id: string;
  run: { status: string; stage: string; percent: number; attempt: number };
};
const clock = createTurnedClock();
Object.assign(globalThis, { setTimeout: clock.setTimeout, clearTimeout: clock.clearInterval, fetch: ask });
Date.now = clock.now;

const tell = (message: FromBrowser) => parentPort?.postMessage(message, []);
const waiting: ((answer: Answer) => void)[] = [];
let requests = 0;
let underWay: Promise<unknown> = Promise.resolve();
let shown = { attempt: run.attempt, percent: 0 };
let state: ReturnType<ProcessingPage["shows"]> = "processing";

shown = forward(shown, run);
const view = meetingViewOf(run);
if (view === "completed" || view === "failed") state = view;
const stop = startPolling({
  ask(signal) {
    const answer = fetchStatus(id, signal);
    underWay = answer.catch(() => {});
    return answer;
  },
  onAnswer({ status }) {
    if (status === "completed") shown = { ...shown, percent: 100 };
    if (status === "completed" || status === "failed") state = status;
  },
  onGiveUp: () => void (state = "lost"),
  onFailure: () => {},
});

async function ask(): Promise<Response> {
  requests += 1;
  const { promise, resolve } = Promise.withResolvers<Answer>();
  waiting.push(resolve);
  tell({ type: "asks" });
  const { status, body } = await promise;
  return Response.json(body, { status });
}

parentPort?.on("message", (message: ToBrowser) => {
  if (message.type === "answer") waiting.shift()?.(message.answer);
  else if (message.type === "close") stop();
  else void turn(message.ms);
});

async function turn(ms: number): Promise<void> {
  await clock.turn(ms, async () => {
    await underWay;
    await setImmediate();
  });
  tell({ type: "turned", shows: state, percent: shown.percent, requests });
}
