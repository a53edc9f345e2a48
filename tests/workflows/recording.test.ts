import { setTimeout as wait } from "node:timers/promises";
import { activityInfo, ApplicationFailure, cancelled, heartbeat } from "@temporalio/activity";
import type { WorkflowHandle } from "@temporalio/client";
import { expect, test, vi } from "vitest";
import { cancel, state } from "#workflows/messages.ts";
import { scriptedActivities } from "./fake-activities.ts";
import { workflowWorker } from "./run-workflow.ts";

/** Of an activity that waits in its queue, as Temporal counts. */
const scheduled = 1;
const stages = ["checkUpload", "transcode", "diarize", "transcribe", "summarise"];

test.concurrent("C-24: the stages run in the order upload, transcode, diarization, transcription, summary, completion", async () => {
  const { activities, calls, endings } = scriptedActivities();
  await using worker = await workflowWorker(activities);
  const run = await worker.start();
  expect(await run.result()).toMatchObject({ status: "completed", stage: "done", percent: 100 });
  expect(calls).toEqual(stages);
  expect(endings).toEqual([{ type: "completed" }]);
});

test.concurrent("a retry begins at the stage that failed and keeps the results before it (C weak 1)", async () => {
  const { activities, calls } = scriptedActivities();
  await using worker = await workflowWorker(activities);
  await (await worker.start({ attempt: 2, resumeFrom: "transcription" })).result();
  expect(calls).toEqual(["transcribe", "summarise"]);
});

test.concurrent("D-36 a video's speech is found in turns of its own stage, at which a retry begins; a recording has none", async () => {
  const { activities, calls } = scriptedActivities({
    detectSpeech: async ({ turn = 0 }) => {
      calls.push(`detectSpeech ${turn}`);
      return turn === 0 ? "more" : "done";
    },
  });
  await using worker = await workflowWorker(activities);
  const all = ["transcode", "detectSpeech 0", "detectSpeech 1", "diarize", "transcribe", "summarise"];
  const after = ["judgeEpisode", "makeEpisodeAudio", "storeEpisode"];
  await (await worker.start({ kind: "video" })).result();
  expect(calls.splice(0)).toEqual(["downloadVideo", ...all, ...after]);
  await (await worker.start({ kind: "video", attempt: 2, resumeFrom: "speech_detection" })).result();
  expect(calls.splice(0)).toEqual([...all.slice(1), ...after]);
  await (await worker.start({ kind: "video", attempt: 2, resumeFrom: "diarization" })).result();
  expect(calls.splice(0)).toEqual([...all.slice(3), ...after]);
  await (await worker.start()).result();
  expect(calls).toEqual(stages);
});

test.concurrent("a start that was delivered twice does nothing the second time", async () => {
  const { activities, calls, endings } = scriptedActivities({ claimRun: async () => false });
  await using worker = await workflowWorker(activities);
  await (await worker.start()).result();
  expect(calls).toEqual([]);
  expect(endings).toEqual([]);
});

test.concurrent("a permanent failure ends the run at once with code, stage and words (C weak 6)", async () => {
  const { activities, endings } = scriptedActivities({
    transcode: async () => {
      throw ApplicationFailure.nonRetryable("This file has no sound in it.", "not_audio");
    },
  });
  await using worker = await workflowWorker(activities);
  expect(await (await worker.start()).result()).toMatchObject({ status: "failed" });
  const error = { code: "not_audio", message: "This file has no sound in it.", stage: "transcode", attempt: 1 };
  expect(endings).toEqual([{ type: "failed", error }]);
});

test.concurrent("A-20: a run whose tries are used up says how many there were and the last cause", async () => {
  const { activities, endings } = scriptedActivities({
    transcode: async () => {
      const details = [{ tries: activityInfo().attempt }];
      throw ApplicationFailure.create({ message: "The service is away.", type: "provider_unavailable", details });
    },
  });
  await using worker = await workflowWorker(activities);
  await (await worker.start()).result();
  const message = "Failed after 4 attempts: The service is away.";
  expect(endings).toMatchObject([{ type: "failed", error: { code: "provider_unavailable", message } }]);
});

test.concurrent("A-18 A-19 A-23: a transient failure is tried four times, then the run fails with a reason", async () => {
  const tries: number[] = [];
  const { activities, endings } = scriptedActivities({
    transcode: async () => {
      tries.push(activityInfo().attempt);
      throw new Error("flaky, and nobody's business");
    },
  });
  await using worker = await workflowWorker(activities);
  const run = await worker.start();
  await run.result();
  // By Temporal's own count: on a busy machine a try may be lost on its way here, and counts all the same.
  const { events } = await run.fetchHistory();
  const started = events?.flatMap(({ activityTaskStartedEventAttributes: each }) => each?.attempt ?? []);
  expect(Math.max(...(started ?? []))).toBe(4);
  expect(new Set(tries).size).toBe(tries.length);
  expect(tries.at(-1)).toBe(4);
  expect(endings).toMatchObject([{ type: "failed", error: { code: "internal", stage: "transcode" } }]);
  expect(JSON.stringify(endings)).not.toContain("nobody's business");
});

test.concurrent("A-24: the paid summary is tried three times", async () => {
  let tries = 0;
  const { activities } = scriptedActivities({
    summarise: async () => {
      tries += 1;
      throw ApplicationFailure.retryable("No answer", "provider_unavailable");
    },
  });
  await using worker = await workflowWorker(activities);
  expect(await (await worker.start()).result()).toMatchObject({ error: { code: "provider_unavailable" } });
  expect(tries).toBe(3);
});

test.concurrent("a transcript is kept when speakers cannot be told apart", async () => {
  const { activities, calls, endings } = scriptedActivities({
    diarize: async () => {
      throw ApplicationFailure.nonRetryable("Too much memory", "resource_limit");
    },
  });
  await using worker = await workflowWorker(activities);
  await (await worker.start()).result();
  expect(calls).toEqual(["checkUpload", "transcode", "skipDiarization", "transcribe", "summarise"]);
  expect(endings).toEqual([{ type: "completed" }]);
});

test.concurrent("transcription gets a new budget whenever it got further, and none when it did not", async () => {
  let tries = 0;
  let pieces = 0;
  const { activities, endings } = scriptedActivities({
    transcribe: async () => {
      tries += 1;
      if (tries <= 4) pieces += 1;
      throw ApplicationFailure.retryable("Interrupted", "stalled");
    },
    countRecognised: async () => pieces,
  });
  await using worker = await workflowWorker(activities);
  await (await worker.start()).result();
  // Four tries that got further, then four that did not.
  expect(tries).toBe(8);
  expect(endings).toMatchObject([{ error: { code: "stalled", stage: "transcription" } }]);
});

test.concurrent("transcription is done in turns, one activity each with tries of its own, until nothing is left", async () => {
  const asked: string[] = [];
  const { activities, calls } = scriptedActivities({
    transcribe: async ({ turn }) => {
      const { attempt } = activityInfo();
      asked.push(`${turn}.${attempt}`);
      if (attempt < 3) throw ApplicationFailure.retryable("Interrupted", "stalled");
      return turn === 2 ? "done" : "more";
    },
  });
  await using worker = await workflowWorker(activities);
  expect(await (await worker.start()).result()).toMatchObject({ status: "completed" });
  expect(asked).toEqual(["0.1", "0.2", "0.3", "1.1", "1.2", "1.3", "2.1", "2.2", "2.3"]);
  expect(calls.at(-1)).toBe("summarise");
});

test.concurrent("a short run passes two long ones at the one place there is: each step waits for a few turns", async () => {
  const order: string[] = [];
  let short: WorkflowHandle | undefined;
  let isOver = false;
  const noted = async ({ runId }: { runId: string }) => {
    order.push(runId);
  };
  // A long run's turn lasts until the short one is in line, so what counts is the line and not the clock. What is under
  // way, or just done, is not in it any more.
  const mayEnd = async () => {
    if (short === undefined || isOver) return true;
    const { raw } = await short.describe();
    return raw.pendingActivities?.some(({ state: at }) => Number(at) === scheduled) === true;
  };
  const { activities } = scriptedActivities({
    transcode: noted,
    async diarize(input) {
      await noted(input);
      return "done";
    },
    async transcribe(input) {
      await noted(input);
      if (input.runId === "short") return "done";
      for (; !(await mayEnd()); await wait(20)) heartbeat();
      return isOver ? "done" : "more";
    },
  });
  await using worker = await workflowWorker(activities, { heavyPlaces: 1 });
  const long = await Promise.all(
    ["one", "two"].map((runId) => worker.start({ runId, attempt: 2, resumeFrom: "transcription" })),
  );
  await vi.waitFor(() => expect(new Set(order).size).toBe(2), 30_000);
  short = await worker.start({ runId: "short" });
  await short.result();
  isOver = true;
  await Promise.all(long.map((run) => run.result()));
  const steps = order.flatMap((runId, index) => (runId === "short" ? [index] : []));
  expect(steps).toHaveLength(3);
  const turnsBetween = steps.slice(1).map((at, index) => at - (steps[index] ?? 0) - 1);
  expect(Math.max(...turnsBetween)).toBeLessThanOrEqual(4);
});

test.concurrent("cancel stops the stage under way and ends the run as cancelled (C weak 8)", async () => {
  let stopped = false;
  const { activities, endings } = scriptedActivities({
    transcode: async () => {
      const beating = setInterval(() => heartbeat(), 100);
      try {
        await cancelled();
      } catch (error) {
        stopped = true;
        throw error;
      } finally {
        clearInterval(beating);
      }
    },
  });
  await using worker = await workflowWorker(activities);
  const run = await worker.start();
  await vi.waitFor(async () => expect(await run.query(state)).toMatchObject({ stage: "transcode" }), 30_000);
  expect(await run.executeUpdate(cancel)).toMatchObject({ cancelRequested: true });
  expect(await run.result()).toMatchObject({ status: "cancelled" });
  expect(stopped).toBe(true);
  expect(endings).toEqual([{ type: "cancelled" }]);
});

test.concurrent("a run whose conversation was deleted ends quietly, with nobody to tell", async () => {
  const { activities, endings } = scriptedActivities({
    diarize: async () => {
      throw ApplicationFailure.nonRetryable("The run was deleted or ended", "run_gone");
    },
  });
  await using worker = await workflowWorker(activities);
  await (await worker.start()).result();
  expect(endings).toEqual([]);
});

test.concurrent.for(["storage_unavailable", "storage_full"])(
  "case 31: a database that is away, or a full disk (%s), does not use up a stage's budget",
  async (type) => {
    let tries = 0;
    const { activities, endings } = scriptedActivities({
      transcode: async () => {
        tries += 1;
        if (tries <= 5) throw ApplicationFailure.create({ message: "away", type, nextRetryDelay: 1 });
        await wait(1);
      },
    });
    await using worker = await workflowWorker(activities);
    await (await worker.start()).result();
    expect(tries).toBe(6);
    expect(endings).toEqual([{ type: "completed" }]);
  },
);

test.concurrent("work that workers hand back as they stop keeps its whole budget of tries", async () => {
  let tries = 0;
  const { activities, endings } = scriptedActivities({
    transcribe: async () => {
      tries += 1;
      // Four real tries are left after any number of restarts.
      if (tries <= 6) throw ApplicationFailure.nonRetryable("The worker is restarting", "worker_restarting");
      if (tries <= 9) throw ApplicationFailure.create({ message: "cut", type: "internal", nextRetryDelay: 1 });
      return "done";
    },
  });
  await using worker = await workflowWorker(activities);
  await (await worker.start()).result();
  expect(tries).toBe(10);
  expect(endings).toEqual([{ type: "completed" }]);
});

test.concurrent("an analysis run only reads the transcript, as the version it was given", async () => {
  const versions: number[] = [];
  const { activities, calls } = scriptedActivities({
    summarise: async ({ version }) => {
      versions.push(version);
      return { hasPlan: false };
    },
  });
  await using worker = await workflowWorker(activities);
  await (await worker.start({ kind: "analysis", version: 3 })).result();
  expect(versions).toEqual([3]);
  expect(calls).toEqual([]);
});
