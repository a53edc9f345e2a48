import { setTimeout as sleep } from "node:timers/promises";
import { expectEqual, expectSoon, settled } from "../expect.ts";
import { afterCall, inAnalysis } from "./meeting.ts";
import type { Scenario } from "./meeting.ts";

const minuteMs = 60_000;

export const page: Scenario[] = [
  {
    number: 18,
    title: "No real retry for the user",
    async run(system) {
      system.setModel({ kind: "refuses" });
      const { meetingId } = await afterCall(system);
      expectEqual((await settled(system, meetingId)).status, "failed", "status of a meeting whose model refuses");
      const view = await system.viewAfterReload(meetingId);
      system.setModel({ kind: "answers" });
      const isAsked = await system.retry(meetingId);
      const what = "a failed meeting after a reload and Try again, the model being well";
      const seen = async () => ({ view, isAsked, status: (await system.status(meetingId)).status });
      await expectSoon(
        seen,
        { view: "failed", isAsked: true, status: "completed" },
        {
          what,
          withinMs: isAsked ? system.patienceMs : 0,
        },
      );
    },
  },
  {
    number: 19,
    title: "Progress is invented",
    async run(system) {
      const { meetingId } = await inAnalysis(system);
      const view = system.openProcessingPage(meetingId);
      // What was still on its way to the page when the model fell silent arrives.
      await sleep(500);
      await view.turn(1_000);
      const percent = Math.round(view.percent());
      await view.turn(14_000);
      expectEqual(
        Math.round(view.percent()),
        percent,
        "percent shown after 15 seconds in which the model said nothing, as after the first",
      );
      view.close();
    },
  },
  {
    number: 20,
    title: "Polling never gives up and ignores HTTP errors",
    async run(system) {
      const { meetingId } = await inAnalysis(system);
      const missing = system.openProcessingPage(meetingId, () => ({
        status: 404,
        body: { error: "Meeting not found" },
      }));
      await missing.turn(30 * minuteMs);
      const broken = system.openProcessingPage(meetingId, () => ({
        status: 500,
        body: { error: "Failed to get meeting status" },
      }));
      await broken.turn(30 * minuteMs);
      const left = system.openProcessingPage(meetingId, () => ({ status: 200, body: { status: "processing" } }));
      await left.turn(10_000);
      left.close();
      const askedBefore = left.requests();
      await left.turn(minuteMs);
      expectEqual(
        {
          afterHalfAnHourOf404: missing.shows(),
          afterHalfAnHourOf500: broken.shows(),
          requestsAfterLeaving: left.requests() - askedBefore,
        },
        { afterHalfAnHourOf404: "lost", afterHalfAnHourOf500: "lost", requestsAfterLeaving: 0 },
        "what a page does with bad answers, and once it is left",
      );
    },
  },
];
