import { expect, test } from "vitest";
import { changeOf, episodeAsks, episodeStates, publicationOf } from "#domain/channels/publication.ts";

const good = { shouldPublish: true, reason: "" };
const doubtful = { shouldPublish: false, reason: "Half of it is music" };

test("D-41 an episode goes out by itself where the channel publishes all, or what is sure and it is", () => {
  for (const judgement of [null, good, doubtful]) {
    expect(publicationOf("all", judgement)).toEqual({ state: "published", reason: "" });
    expect(publicationOf("hold", judgement).state).toBe("held");
  }
  expect(publicationOf("sure", good)).toEqual({ state: "published", reason: "" });
  expect(publicationOf("sure", doubtful)).toEqual({ state: "held", reason: "Half of it is music" });
  // What nobody judged is not sure.
  expect(publicationOf("sure", null)).toEqual({ state: "held", reason: expect.stringMatching(/\w/) });
});

test("what a person asks of an episode follows its state", () => {
  const becomes = episodeStates.map((state) => [
    state,
    ...episodeAsks.map((ask) => {
      const change = changeOf(state, ask);
      return change.ok ? change.state : null;
    }),
  ]);
  expect(becomes).toEqual([
    ["held", "published", null, "discarded"],
    ["published", null, "withdrawn", null],
    ["withdrawn", "published", null, "discarded"],
    ["discarded", "published", null, null],
  ]);
});
