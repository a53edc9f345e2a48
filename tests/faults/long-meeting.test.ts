import { expect, test } from "vitest";
import { meetingWorkflowId } from "#domain/ids.ts";
import { startMeetings } from "#tests/meetings/system.ts";

const isShort = process.env["FAULTS"] === "short";
const segments = isShort ? 18_000 : 72_000;
/** A roll-over needs some hundred ranges; the short form sees the first. */
const fewestExecutions = isShort ? 2 : 4;
const perSignal = 20;

test("two hours at ten segments a second: all stored once, in order, in histories that stay small", async () => {
  let signals = 0;
  await using at = await startMeetings({
    activities: { chooseAnalyst: () => brief },
    signalled: () => (signals += 1),
  });
  const id = await at.addMeeting(await at.addAgent());
  const call = at.stream.call(id);
  await call.start();
  const link = await call.agent();
  const began = Date.now();
  for (let said = 0; said < segments; said += perSignal) {
    for (let offset = 0; offset < perSignal; offset += 1) {
      const item = said + offset;
      const speaker = item % 2 === 0 ? "agent" : "user";
      link.send(
        speaker === "agent"
          ? { type: "response.output_audio_transcript.done", item_id: `i${item}`, transcript: `word ${item}` }
          : {
              type: "conversation.item.input_audio_transcription.completed",
              item_id: `i${item}`,
              content_index: 0,
              transcript: `word ${item}`,
            },
      );
    }
    // The pace of storing is the pace of the test: two hours pass in minutes, a range at a time.
    await at.whenStored(id, said + perSignal);
  }
  console.log(`${segments} segments stored in ${Math.round((Date.now() - began) / 1000)} s, ${signals} signals`);
  await call.end();
  await expect.poll(async () => (await at.run(id)).status, { timeout: 240_000, interval: 1_000 }).toBe("completed");

  const rows = await at.db.prisma.transcriptSegment.findMany({
    where: { conversationId: id },
    orderBy: { sequenceNumber: "asc" },
    select: { sequenceNumber: true, text: true },
  });
  expect(rows).toHaveLength(segments);
  expect(rows.every((row, index) => row.sequenceNumber === index + 1 && row.text === `word ${index}`)).toBe(true);

  const executions: { events: number; bytes: number; signals: number }[] = [];
  for await (const { runId, historyLength, historySize } of at.client.workflow.list({
    query: `WorkflowId = "${meetingWorkflowId(id)}"`,
  })) {
    const history = await at.client.workflow.getHandle(meetingWorkflowId(id), runId).fetchHistory();
    const heard = (history.events ?? []).filter((event) => event.workflowExecutionSignaledEventAttributes);
    executions.push({ events: historyLength, bytes: historySize ?? 0, signals: heard.length });
  }
  console.log(`executions: ${JSON.stringify(executions)}`);
  expect(executions.length).toBeGreaterThanOrEqual(fewestExecutions);
  for (const { events, bytes } of executions) {
    expect(events).toBeLessThanOrEqual(2_000);
    expect(bytes).toBeLessThanOrEqual(2 * 1024 ** 2);
  }
  const heard = executions.reduce((sum, each) => sum + each.signals, 0);
  // A range for every twenty segments, and the few that tell of the call and of the agent.
  expect(signals).toBeGreaterThanOrEqual(segments / perSignal);
  expect(heard).toBeGreaterThanOrEqual(signals);
  expect(heard).toBeLessThanOrEqual(signals + 10);
}, 900_000);

/** The reading itself is not the matter here. */
const brief = {
  id: "embedded",
  model: "none",
  promptVersion: "1",
  analyse: async () => ({ result: { text: "Long.", bullets: [], actionItems: [], notes: [] }, costCents: 0 }),
};
