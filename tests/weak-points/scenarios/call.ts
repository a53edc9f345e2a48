import { expectEqual, expectSoon, expectStill, isAccepted, isRefused, say, settled, texts } from "../expect.ts";
import { spoken } from "../events.ts";
import { inCall, newMeeting, words } from "./meeting.ts";
import type { Scenario } from "./meeting.ts";

const minuteMs = 60_000;

export const call: Scenario[] = [
  {
    number: 4,
    title: "A repeated `call.session_started` brings in a second agent",
    async run(system) {
      // Two deliveries must meet inside one database round trip to show it, so they get several chances.
      for (let meeting = 0; meeting < 5; meeting += 1) {
        const { meetingId, call } = await newMeeting(system);
        const start = call.started();
        await Promise.all(Array.from({ length: 8 }, () => system.deliver(start)));
        const agents = () => (system.agentConnections(meetingId) > 1 ? "several agents" : "one agent");
        const what = "what a start that is delivered eight times at once brings in";
        await expectSoon(() => system.agentConnections(meetingId) > 0, true, {
          what: "an agent is in the call",
          withinMs: system.patienceMs,
        });
        expectEqual(agents(), "one agent", what);
        await say(system, { meetingId, text: words });
        expectEqual(await texts(system, meetingId), [words], "the transcript of one sentence");
        expectEqual(agents(), "one agent", what);
      }
    },
  },
  {
    number: 5,
    title: "Stuck in `active` after a failed start",
    async run(system) {
      const { meetingId, call } = await newMeeting(system);
      const start = call.started();
      system.refuseAgents(1);
      const first = await system.deliver(start);
      // As the provider does with everything but a success.
      if (!isAccepted(first)) await system.deliver(start);
      await expectSoon(() => system.agentConnections(meetingId), 1, {
        what: "agents in a call whose first connection was refused",
        withinMs: system.patienceMs,
      });
    },
  },
  {
    number: 6,
    title: "The live agent connection belongs to a webhook request",
    async run(system) {
      const { meetingId } = await inCall(system);
      await say(system, { meetingId, text: "Before the process was killed" });
      await system.restart();
      const heard = await system.realtime(meetingId, spoken("user", "After the process was killed"));
      expectEqual(heard, 1, "agents that hear the call after their process was killed");
      await system.loseAgent(meetingId);
      await say(system, { meetingId, text: "After the connection was lost" });
      expectEqual(
        await texts(system, meetingId),
        ["Before the process was killed", "After the process was killed", "After the connection was lost"],
        "the transcript of the call",
      );
    },
  },
  {
    number: 21,
    title: "A lost end event hangs the meeting",
    async run(system) {
      const { meetingId } = await inCall(system);
      await say(system, { meetingId, text: words });
      await system.loseEndEvent(meetingId);
      const { status } = await settled(system, meetingId);
      expectEqual(status, "completed", "status of a meeting whose end was never told");
    },
  },
  {
    number: 22,
    title: "The two-second target starts at the wrong point",
    async run(system) {
      const { meetingId } = await inCall(system);
      await say(system, { meetingId, text: words });
      await system.leave(meetingId);
      const isProcessing = async () => {
        const { status } = await system.status(meetingId);
        return ["processing", "completed"].includes(status) ? "processing" : status;
      };
      const what = "two seconds after the last person has left by the page";
      await expectSoon(isProcessing, "processing", { what, withinMs: 2_000 });
    },
  },
  {
    number: 23,
    title: "Webhook and status endpoint show no access control",
    async run(system) {
      const { meetingId, call } = await newMeeting(system);
      const unsigned = await system.deliver(call.started(), { signature: "none" });
      const forged = await system.deliver(call.ended(), { signature: "forged" });
      const asked = async (who: "owner" | "stranger" | "nobody") => (await system.askStatus(meetingId, who)).status;
      expectEqual(
        {
          isUnsignedRefused: isRefused(unsigned),
          isForgedRefused: isRefused(forged),
          owner: await asked("owner"),
          stranger: await asked("stranger"),
          nobody: await asked("nobody"),
        },
        { isUnsignedRefused: true, isForgedRefused: true, owner: 200, stranger: 404, nobody: 401 },
        "what the two endpoints answer to whom",
      );
      await expectStill(
        async () => ({ status: (await system.status(meetingId)).status, agents: system.agentConnections(meetingId) }),
        { status: "upcoming", agents: 0 },
        "a meeting of which only forged events were told",
      );
    },
  },
  {
    number: 24,
    title: "Non-2xx answers to harmless duplicates",
    async run(system) {
      const { meetingId, call, start } = await inCall(system);
      const startAgain = await system.deliver(start);
      await say(system, { meetingId, text: words });
      const end = call.ended();
      await system.deliver(end);
      const endAgain = await system.deliver(end);
      await settled(system, meetingId);
      const endOnceMore = await system.deliver(end);
      expectEqual(
        [startAgain, endAgain, endOnceMore].map(isAccepted),
        [true, true, true],
        "whether a repeated start, a repeated end and an end after completion are accepted",
      );
    },
  },
  {
    number: 25,
    title: "Times are arrival times",
    async run(system) {
      const { meetingId, call } = await newMeeting(system);
      const [startedAt, endedAt] = [new Date(Date.now() - 30 * minuteMs), new Date(Date.now() - 10 * minuteMs)];
      await system.deliver(call.started(startedAt));
      await say(system, { meetingId, text: words });
      await system.deliver(call.ended(endedAt));
      const meeting = await settled(system, meetingId);
      const minutesLate = (told: Date, kept: Date | null) =>
        kept && Math.round(Math.abs(kept.getTime() - told.getTime()) / minuteMs);
      expectEqual(
        { start: minutesLate(startedAt, meeting.startedAt), end: minutesLate(endedAt, meeting.endedAt) },
        { start: 0, end: 0 },
        "minutes between the call's own times and those kept, its events arriving late",
      );
    },
  },
];
