import { setTimeout as sleep } from "node:timers/promises";
import { answerHeardFirst, begun, newItem, spoken, spokenToday } from "../events.ts";
import { expectEqual, expectSoon, say, settled, texts, wasAnalysed } from "../expect.ts";
import { inCall, words } from "./meeting.ts";
import type { Scenario } from "./meeting.ts";

export const transcript: Scenario[] = [
  {
    number: 7,
    title: "Sequence numbers are counted in memory",
    async run(system) {
      const { meetingId, start } = await inCall(system);
      await say(system, { meetingId, text: "First sentence" });
      await say(system, { meetingId, text: "Second sentence" });
      await system.restart();
      await system.deliver(start);
      await say(system, { meetingId, text: "Third sentence" });
      const lines = await system.transcript(meetingId);
      const numbers = lines.map(({ sequenceNumber }) => sequenceNumber);
      expectEqual(
        { thirdIsLast: lines.at(-1)?.text === "Third sentence", differentNumbers: new Set(numbers).size },
        { thirdIsLast: true, differentNumbers: 3 },
        "three sentences, the third of them heard by another process",
      );
    },
  },
  {
    number: 8,
    title: "No drain at the end of the call",
    async run(system) {
      const { meetingId, call } = await inCall(system);
      await say(system, { meetingId, text: "First sentence" });
      await say(system, { meetingId, text: "Second sentence" });
      // Somebody is still speaking: a session says so before it has their words.
      const item = newItem();
      await system.realtime(meetingId, begun(item));
      await system.deliver(call.ended());
      await sleep(200);
      await system.realtime(meetingId, spoken("user", "A late sentence", item));
      await settled(system, meetingId);
      await expectSoon(
        async () => ({ order: await texts(system, meetingId), isLateAnalysed: wasAnalysed(system, "A late sentence") }),
        { order: ["First sentence", "Second sentence", "A late sentence"], isLateAnalysed: true },
        { what: "a sentence whose words come 200 ms after the end", withinMs: system.patienceMs },
      );
    },
  },
  {
    number: 9,
    title: "Chunk writes are neither awaited nor retried",
    async run(system) {
      const { meetingId, call } = await inCall(system);
      system.failNext("transcript write", 1);
      await system.realtime(meetingId, spoken("user", "First sentence"));
      await say(system, { meetingId, speaker: "agent", text: "Second sentence" });
      await system.deliver(call.ended());
      await settled(system, meetingId);
      await expectSoon(
        async () => ({ order: await texts(system, meetingId), isFirstAnalysed: wasAnalysed(system, "First sentence") }),
        { order: ["First sentence", "Second sentence"], isFirstAnalysed: true },
        { what: "two sentences, the first write of which failed once", withinMs: system.patienceMs },
      );
    },
  },
  {
    number: 10,
    title: "A read error looks like an empty transcript",
    async run(system) {
      const { meetingId, call } = await inCall(system);
      await say(system, { meetingId, text: words });
      system.failNext("transcript read", 2);
      await system.deliver(call.ended());
      const { status } = await settled(system, meetingId);
      expectEqual(
        { status, isAnalysed: wasAnalysed(system, words) },
        { status: "completed", isAnalysed: true },
        "a meeting whose transcript could not be read twice",
      );
    },
  },
  {
    number: 11,
    title: "Arrival order is not speaking order",
    async run(system) {
      const { meetingId, call } = await inCall(system);
      const [question, answer] = ["What is left of the budget", "Nine thousand are left"];
      // Spaced, since a session's events carry no clock but that of their arrival.
      for (const event of answerHeardFirst(question, answer)) {
        await system.realtime(meetingId, event);
        await sleep(30);
      }
      await expectSoon(async () => (await texts(system, meetingId)).length, 2, {
        what: "sentences in the transcript",
        withinMs: system.patienceMs,
      });
      expectEqual(
        await texts(system, meetingId),
        [question, answer],
        "a question whose words arrive after its answer's",
      );
      await system.deliver(call.ended());
      await settled(system, meetingId);
    },
  },
  {
    number: 12,
    title: "The user event name is probably wrong",
    async run(system) {
      const { meetingId } = await inCall(system);
      await system.realtime(meetingId, spokenToday("user", "What is left of the budget"));
      await system.realtime(meetingId, spokenToday("agent", "Nine thousand are left"));
      await expectSoon(
        async () => (await system.transcript(meetingId)).map(({ speaker, text }) => `${speaker}: ${text}`),
        ["user: What is left of the budget", "agent: Nine thousand are left"],
        { what: "a question and its answer under the event names of today", withinMs: system.patienceMs },
      );
    },
  },
];
