import type { ActivityDeps } from "#activities/index.ts";
import { createOpenAiAnalyst } from "#activities/clients/analyst/summary/openai.ts";
import { createOpenAiPlanReader } from "#activities/clients/analyst/plan/openai.ts";
import { dutifulAnswer, linesOf, schemaOf } from "#tests/fakes/openai-chat.ts";
import type { ChatRequest } from "#tests/fakes/openai-chat.ts";

/** What the activities read with where a language model is at this address. */
export function readersAt(baseUrl: string) {
  const account = { apiKey: "sk-test", baseUrl, model: "gpt-4o" };
  const [analyst, planReader] = [createOpenAiAnalyst(account), createOpenAiPlanReader(account)];
  return {
    meetingModel: account.model,
    chooseAnalyst: () => analyst,
    choosePlanReader: () => planReader,
  } satisfies Partial<ActivityDeps>;
}

/** A model that does as Convene's prompts ask. */
export function answer(request: ChatRequest): string {
  const content = request.messages.at(-1)?.content ?? "";
  const told = content.includes("BEGIN PLAN")
    ? planReport(content)
    : dutifulAnswer(schemaFor(request), linesOf(request));
  return JSON.stringify(told);
}

function schemaFor(request: ChatRequest) {
  const schema = schemaOf(request);
  if (schema === null) throw new Error("Convene asks for JSON of a schema");
  return schema;
}

interface Goal {
  goalId: string;
  session: string;
  covered: boolean;
}

interface Line {
  id: string;
  speaker_id: "user" | "agent";
  text: string;
}

// The first open session is covered by all that the person said.
function planReport(content: string) {
  const open = listIn<Goal>(content, "PLAN").filter(({ covered }) => !covered);
  const lines = listIn<Line>(content, "TRANSCRIPT");
  const shown = lines.filter(({ speaker_id }) => speaker_id === "user").map(({ id }) => id);
  const goals = open.map(({ goalId, session }) => {
    const covered = session === open[0]?.session;
    return { goalId, covered, segmentIds: covered ? shown : [] };
  });
  return { goals, summary: lines.slice(0, 2).map(({ id, text }) => ({ text, segmentIds: [id] })), reminders: [] };
}

function listIn<Item>(content: string, name: string): Item[] {
  const [, list = "[]"] = new RegExp(`BEGIN ${name}\n(.*)\nEND ${name}`, "s").exec(content) ?? [];
  return JSON.parse(list) as Item[];
}
