import type { LiveEvent, LiveEventData, LiveEventType, RunEventData } from "#domain/live.ts";

/** A run that nothing is said of but what the test cares for. */
export const runData = (changes: Partial<RunEventData> = {}): RunEventData => ({
  runId: "run-1",
  kind: "recording",
  conversationId: "c",
  title: "A title",
  status: "processing",
  stage: "upload",
  percent: 0,
  message: "",
  attempt: 1,
  cancelRequested: false,
  error: null,
  ...changes,
});

/** An event as the feed gives it. */
export const liveEvent = <Type extends LiveEventType>(
  type: Type,
  data: LiveEventData[Type],
  { topic = "workspace:1", seq = 1, at = "2026-11-21T12:00:00.000Z" } = {},
) => ({ topic, seq, type, data, at }) as LiveEvent;
