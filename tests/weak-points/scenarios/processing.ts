import { setTimeout as sleep } from "node:timers/promises";
import { expectEqual, expectSoon, expectStill, say, settled } from "../expect.ts";
import { afterCall, inAnalysis, inCall, newMeeting, words } from "./meeting.ts";
import type { Scenario } from "./meeting.ts";

const sessions = ["Goals", "Budget"];

export const processing: Scenario[] = [
  {
    number: 1,
    title: "Processing dies with the process",
    async run(system) {
      const { meetingId } = await inAnalysis(system);
      await system.restart();
      system.setModel({ kind: "answers" });
      const { status } = await settled(system, meetingId);
      expectEqual(status, "completed", "status after the process was killed in the analysis");
    },
  },
  {
    number: 2,
    title: "A repeated `call.session_ended` processes twice",
    async run(system) {
      const once = await afterCall(system, { sessions });
      await settled(system, once.meetingId);
      await expectSoon(async () => (await system.nextMeetings(once.meetingId)).length, 1, {
        what: "next meetings of a call whose end was told once",
        withinMs: system.patienceMs,
      });
      const callsForOne = system.modelCalls().length;

      const twice = await inCall(system, { sessions });
      await say(system, { meetingId: twice.meetingId, text: words });
      const end = twice.call.ended();
      // Whatever analyses there are begin before any of them is done.
      system.setModel({ kind: "holds" });
      await Promise.all([system.deliver(end), system.deliver(end)]);
      await expectSoon(() => system.modelCalls().length > callsForOne, true, {
        what: "the analysis has asked the model",
        withinMs: system.patienceMs,
      });
      await sleep(300);
      system.setModel({ kind: "answers" });
      await settled(system, twice.meetingId);
      await system.deliver(end);
      await expectSoon(async () => (await system.nextMeetings(twice.meetingId)).length > 0, true, {
        what: "there is a next meeting",
        withinMs: system.patienceMs,
      });
      await expectStill(
        async () => ({
          analyses: system.modelCalls().length / callsForOne - 1,
          nextMeetings: (await system.nextMeetings(twice.meetingId)).length,
        }),
        { analyses: 1, nextMeetings: 1 },
        "what came of an end that was delivered three times",
      );
    },
  },
  {
    number: 3,
    title: "An end event for a meeting that never was active is processed too",
    async run(system) {
      const { meetingId, call } = await newMeeting(system);
      await system.deliver(call.ended());
      await expectStill(
        async () => ({ status: (await system.status(meetingId)).status, modelCalls: system.modelCalls().length }),
        { status: "upcoming", modelCalls: 0 },
        "a meeting that never began and whose end was told",
      );
    },
  },
  {
    number: 13,
    title: "Completed can turn into failed",
    async run(system) {
      system.failNext("next meeting", 1_000);
      const { meetingId } = await afterCall(system, { sessions });
      await settled(system, meetingId);
      await expectSoon(() => system.hasFailed("next meeting"), true, {
        what: "the next meeting could not be created",
        withinMs: system.patienceMs,
      });
      await expectStill(
        async () => {
          const { status, summary } = await system.status(meetingId);
          return { status, hasSummary: Boolean(summary) };
        },
        { status: "completed", hasSummary: true },
        "a meeting that is summarised and whose next one cannot be created",
      );
    },
  },
  {
    number: 14,
    title: "Follow-up creation is not idempotent",
    async run(system) {
      system.failNext("next meeting's answer", 1);
      const { meetingId } = await afterCall(system, { sessions });
      await settled(system, meetingId);
      // The meeting is completed before its next one is made.
      await expectSoon(async () => (await system.nextMeetings(meetingId)).length > 0, true, {
        what: "there is a next meeting",
        withinMs: system.patienceMs,
      });
      await expectStill(
        async () => (await system.nextMeetings(meetingId)).length,
        1,
        "next meetings where the database's answer to the first insert got lost",
      );
    },
  },
  {
    number: 15,
    title: "Final writes are unconditional",
    async run(system) {
      const { meetingId } = await inAnalysis(system);
      expectEqual(await system.cancel(meetingId), true, "a meeting can be called off while it is analysed");
      const status = async () => (await system.status(meetingId)).status;
      await expectSoon(status, "cancelled", {
        what: "status after the meeting was called off",
        withinMs: system.patienceMs,
      });
      system.setModel({ kind: "answers" });
      await expectStill(status, "cancelled", "status of a cancelled meeting after the model has answered");
    },
  },
  {
    number: 16,
    title: "A failed summary counts as success",
    async run(system) {
      system.setModel({ kind: "empty" });
      const { meetingId } = await afterCall(system);
      const { status, summary, error } = await settled(system, meetingId);
      expectEqual(
        { status, summary, saysWhy: Boolean(error), askedAgain: system.modelCalls().length > 1 },
        { status: "failed", summary: null, saysWhy: true, askedAgain: true },
        "a meeting whose model answers nothing",
      );
    },
  },
  {
    number: 17,
    title: "Retries know no difference",
    async run(system) {
      system.setModel({ kind: "refuses" });
      const { meetingId } = await afterCall(system);
      const { status } = await settled(system, meetingId);
      expectEqual(status, "failed", "status of a meeting whose model refuses the key");
      expectEqual(system.modelCalls().length, 1, "requests to a model that has refused the key for good");
    },
  },
];
