import { expect, test } from "vitest";
import { voiceEdge, voiceInk } from "#web/components/conversation/speaker-colors.ts";

test("in a call agent, people with a name, and people without one have a colour each", () => {
  const labels = ["agent", "user", "SPEAKER_01", "SPEAKER_02", "SPEAKER_03"];
  for (const colourOf of [voiceInk, voiceEdge]) expect(new Set(labels.map(colourOf)).size).toBe(labels.length);
});
