import { expect, test } from "vitest";
import { createLocalAgreement } from "#activities/clients/calls/practice/local-agreement.ts";
import type { Line } from "#activities/clients/calls/practice/responder.ts";
import { isEcho } from "#activities/clients/calls/practice/echo.ts";
import { createScriptedResponder } from "#activities/clients/calls/practice/scripted-responder.ts";

/** What the agent says to each of these answers, one after the other; first its greeting. */
function talk(goals: string[], answers: string[]): string[] {
  const walk = createScriptedResponder({ agentName: "Ada", goals });
  const lines: Line[] = [{ speaker: "agent", text: walk.next([]) }];
  for (const text of answers) {
    lines.push({ speaker: "user", text });
    lines.push({ speaker: "agent", text: walk.next(lines) });
  }
  return lines.flatMap(({ speaker, text }) => (speaker === "agent" ? [text] : []));
}

const long = "That is something we have talked about for weeks.";

test("each goal is asked once and in order, also where one is part of another or stands there twice", () => {
  const said = talk(
    ["Plan the party.", "Budget", "Plan", "Plan", "Who comes?"],
    [long, long, long, long, "No.", "Bye!"],
  );
  expect(said[0]).toMatch(/^Hello, I am Ada\. .*no language model\..*Plan the party\. What can you tell me/);
  expect(said.slice(1)).toEqual([
    "I see. The next point is this: Budget. How do you see it?",
    "Understood. Now to this: Plan. What comes to your mind?",
    "All right. Who comes?",
    expect.stringMatching(/my last question\. Is there anything you would like to add\?$/),
    expect.stringMatching(/^Thank you for the conversation\. You can leave the call now/),
    expect.stringMatching(/^Thank you for the conversation/),
  ]);
});

test("a short answer is followed up once; skip, repeat and goodbye are understood; a question is answered honestly", () => {
  const said = talk(
    ["Budget", "Date"],
    ["Small.", "Yes.", "Can you say that again?", "What do you think of it?", "Skip this one, please."],
  );
  expect(said[1]).toMatch(/Could you tell me a little more about that\?/);
  expect(said[2]).toMatch(/next point is this: Date\./);
  expect(said[3]).toMatch(/^Of course\. The next point is this: Date\./);
  expect(said[4]).toMatch(/^I can't answer questions without a language model, but yours is noted\. .*Date\./);
  expect(said[5]).toMatch(/^No problem, we skip that\. That was my last question/);
  expect(talk(["Budget"], ["Goodbye, I have to go."])[1]).toMatch(/^Thank you for the conversation/);
});

test("an answer given with a pause in it is one answer, and a name before it is no part of it", () => {
  const walk = createScriptedResponder({ agentName: "Ada", goals: ["Budget", "Date"] });
  const asked: Line = { speaker: "agent", text: "Let's talk about this: Budget. What can you tell me about it?" };
  const after = (...texts: string[]) => walk.next([asked, ...texts.map((text): Line => ({ speaker: "user", text }))]);
  expect(after(long, "It was the.")).toContain("this: Date.");
  expect(after("[Grace] Rather small.")).toContain("a little more");
  expect(after(`[Grace] ${long}`, "[Ada] Skip that.")).toMatch(/^No problem, we skip that\./);
});

test("without goals there are open questions, and the same conversation always goes the same way", () => {
  const answers = [long, long, long, long, long];
  expect(talk([], answers)[0]).toMatch(/What would you like to talk about today\?$/);
  expect(talk([], answers).at(-2)).toMatch(/my last question/);
  expect(talk([], answers)).toEqual(talk([], answers));
});

test("after an interruption the question counts as asked if its point had been said", () => {
  const walk = createScriptedResponder({ agentName: "Ada", goals: ["Budget", "Date"] });
  const after = (text: string) =>
    walk.next([
      { speaker: "agent", text },
      { speaker: "user", text: long },
    ]);
  expect(after("Hello, I am Ada. Let's talk about this: Budget. What can")).toContain("this: Date.");
  expect(after("Hello, I am Ada. Let's talk")).toContain("this: Budget.");
});

test("the agent's own voice is told from a person's by its words", () => {
  const reply = "Thank you. The next point is this: Choose a place. How do you see it?";
  expect(isEcho("next point is this chews a place", reply)).toBe(true);
  expect(isEcho("How do you see it", reply)).toBe(true);
  expect(isEcho("Wait, stop", reply)).toBe(false);
  expect(isEcho("I would like to go to the lake", reply)).toBe(false);
  expect(isEcho("…", reply)).toBe(true);
});

test("only words that two recognitions agree on are told as sure, and each of them once", () => {
  const agree = createLocalAgreement();
  expect(agree("It was the")).toBe("");
  expect(agree("it was the best")).toBe("it was the");
  expect(agree("It was the best of time.")).toBe(" best");
  expect(agree("Something else")).toBe("");
  expect(agree("Something else entirely, and long enough")).toBe("");
});
