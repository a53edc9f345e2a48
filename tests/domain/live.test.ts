import { expect, test } from "vitest";
import { changeTopics, conversationTopic, workspaceTopic } from "#domain/live.ts";

test("a run's changes are told on its conversation's page and in its workspace's lists, or in these alone", () => {
  const both = { conversationId: "c1", workspaceId: "w1" };
  expect(changeTopics(both)).toEqual([conversationTopic("c1"), workspaceTopic("w1")]);
  expect(changeTopics({ ...both, conversationId: null })).toEqual([workspaceTopic("w1")]);
});
