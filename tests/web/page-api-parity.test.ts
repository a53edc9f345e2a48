import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { cleanLine, cleanProse, textLimits } from "#domain/text.ts";
import { testDatabase } from "#tests/setup/database.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import { hostileTexts } from "./hostile.ts";
import { oneOfEverything } from "./hostile-setup.ts";
import { startWeb } from "./server.ts";
import type { TestWeb } from "./server.ts";

let db: TestDatabase;
let web: TestWeb;
let world: Awaited<ReturnType<typeof oneOfEverything>>;
beforeAll(async () => {
  db = await testDatabase();
  web = await startWeb(db, { settings: { NODE_ENV: "production" } });
  world = await oneOfEverything(web);
});
afterAll(async () => {
  await web[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
});

const newest = { orderBy: { id: "desc" } } as const;
const agentFields = { name: "x", instructions: "", voice: "alloy", sessions: "[]" };
const later = { when: "later", scheduledAt: new Date(Date.now() + 3_600_000).toISOString(), durationMinutes: "30" };
const planOf = (text: string) => [{ session_name: text, goals: [] }];

interface Field {
  limit: number;
  clean: (text: string) => string;
  /** Whether nothing at all may be given. */
  optional?: true;
  form: [path: string, fields: (text: string) => Record<string, string>];
  json: [route: string, body: (text: string) => object];
  read: () => Promise<string | null | undefined>;
}
const title = async (id = "") => (await db.prisma.conversation.findUnique({ where: { id } }))?.title;
const meeting = async () => db.prisma.meeting.findUnique({ where: { id: world.meeting.id } });
const agent = async () => db.prisma.agent.findUnique({ where: { id: world.meeting.agentId } });

/** What both doors take. */
const fields: Record<string, Field> = {
  "a recording's title": {
    limit: textLimits.title,
    clean: cleanLine,
    form: ["/recordings/:id", (text) => ({ intent: "rename", title: text })],
    json: ["PATCH /recordings/:id", (text) => ({ title: text })],
    read: () => title(world.names["id"]),
  },
  "a speaker's name": {
    limit: textLimits.name,
    clean: cleanLine,
    optional: true,
    form: ["/recordings/:id", (text) => ({ intent: "nameSpeaker", label: "SPEAKER_01", displayName: text })],
    json: ["PATCH /conversations/:id/speakers/SPEAKER_01", (text) => ({ displayName: text })],
    read: async () => (await db.prisma.speaker.findFirst({ where: { label: "SPEAKER_01" } }))?.displayName ?? "",
  },
  "a sentence's words": {
    limit: textLimits.segment,
    clean: cleanProse,
    form: [
      "/recordings/:id",
      (text) => ({ intent: "correct", segmentIds: world.named(":segment"), text, label: "same" }),
    ],
    json: ["PATCH /conversations/:id/segments/:segment", (text) => ({ text })],
    read: async () =>
      (await db.prisma.transcriptSegment.findUniqueOrThrow({ where: { id: world.names["segment"]! } })).text,
  },
  "a reading's instructions": {
    limit: textLimits.instructions,
    clean: cleanProse,
    optional: true,
    form: ["/recordings/:id", (text) => ({ intent: "analyse", template: "general", instructions: text })],
    json: ["POST /conversations/:id/analyses", (text) => ({ instructions: text })],
    read: async () => (await db.prisma.analysis.findFirst({ orderBy: { version: "desc" } }))?.instructions,
  },
  "an agent's name": {
    limit: textLimits.agentName,
    clean: cleanLine,
    form: ["/agents/:agent", (text) => ({ ...agentFields, name: text })],
    json: ["PATCH /agents/:agent", (text) => ({ name: text })],
    read: async () => (await agent())?.name,
  },
  "an agent's instructions": {
    limit: textLimits.prompt,
    clean: cleanProse,
    optional: true,
    form: ["/agents/:agent", (text) => ({ ...agentFields, instructions: text })],
    json: ["PATCH /agents/:agent", (text) => ({ instructions: text })],
    read: async () => (await agent())?.instructions,
  },
  "a session's name": {
    limit: textLimits.title,
    clean: cleanLine,
    form: ["/agents/:agent", (text) => ({ ...agentFields, sessions: JSON.stringify(planOf(text)) })],
    json: ["PATCH /agents/:agent", (text) => ({ sessions: planOf(text) })],
    read: async () => JSON.parse(JSON.stringify((await agent())?.blueprintSnapshot)).sessions[0].session_name,
  },
  "a meeting's name": {
    limit: textLimits.title,
    clean: cleanLine,
    form: ["/meetings/:meeting", (text) => ({ intent: "rename", title: text })],
    json: ["PATCH /meetings/:meeting", (text) => ({ name: text })],
    read: () => title(world.meeting.id),
  },
  "what an agent is told in one meeting": {
    limit: textLimits.prompt,
    clean: cleanProse,
    optional: true,
    form: ["/meetings/:meeting", (text) => ({ intent: "edit", name: "", agentId: ":agent", prompt: text, ...later })],
    json: ["PATCH /meetings/:meeting", (text) => ({ prompt: text })],
    read: async () => (await meeting())?.prompt,
  },
  "a workspace's name": {
    limit: textLimits.name,
    clean: cleanLine,
    form: ["/workspaces/:workspace", (text) => ({ intent: "create", name: text })],
    json: ["POST /workspaces", (text) => ({ name: text })],
    read: async () => (await db.prisma.workspace.findFirst(newest))?.name,
  },
  "an API key's name": {
    limit: textLimits.name,
    clean: cleanLine,
    form: ["/settings", (text) => ({ intent: "createKey", name: text, days: "30" })],
    json: ["POST /keys", (text) => ({ name: text })],
    read: async () => (await db.prisma.apiKey.findFirst(newest))?.name,
  },
};

/** A text sent by one of the doors. */
function send({ form, json }: Pick<Field, "form" | "json">, door: "page" | "API", text: string) {
  const { ada, named } = world;
  const [method = "", path = ""] = json[0].split(" ");
  return door === "page"
    ? // As a page with its scripts sends a form: answered by data, not by a page drawn anew.
      fetch(`${web.url}${named(form[0])}.data`, {
        method: "POST",
        redirect: "manual",
        headers: ada.headers,
        body: new URLSearchParams(
          Object.entries(form[1](text)).map(([name, value]) => [name, value === text ? text : named(value)]),
        ),
      })
    : fetch(`${web.url}/api${named(path)}`, {
        method,
        headers: { ...ada.headers, "content-type": "application/json" },
        body: JSON.stringify(json[1](text)),
      });
}

/** What is kept after a text was sent; null where it is refused. */
async function kept(field: Field, door: "page" | "API", text: string) {
  const answer = await send(field, door, text);
  await answer.text();
  if (answer.status >= 400) return [400, 409, 413].includes(answer.status) ? null : `answered ${answer.status}`;
  return field.read();
}

const meetingForm = { intent: "edit", name: "", agentId: ":agent", prompt: "", ...later };

/** Faults of what both doors take: by the form, and the same by the API. */
const faults: Record<string, Pick<Field, "form" | "json"> & { text: string }> = {
  ...Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]) => [
      [`${name} too long`, { ...field, text: "x".repeat(field.limit + 1) }],
      ...(field.optional ? [] : [[`${name} empty`, { ...field, text: "" }]]),
    ]),
  ),
  "no such voice": {
    text: "tenor",
    form: ["/agents/:agent", (voice) => ({ ...agentFields, voice })],
    json: ["PATCH /agents/:agent", (voice) => ({ voice })],
  },
  "no such template": {
    text: "poem",
    form: ["/recordings/:id", (template) => ({ intent: "analyse", template, instructions: "" })],
    json: ["POST /conversations/:id/analyses", (template) => ({ template })],
  },
  "no such agent": {
    text: "nobody",
    form: ["/meetings/:meeting", (agentId) => ({ ...meetingForm, agentId })],
    json: ["PATCH /meetings/:meeting", (agentId) => ({ agentId })],
  },
  "too long a meeting": {
    text: "1441",
    form: ["/meetings/:meeting", (durationMinutes) => ({ ...meetingForm, durationMinutes })],
    json: ["PATCH /meetings/:meeting", (minutes) => ({ durationMinutes: Number(minutes) })],
  },
  "no language": {
    text: "English, please",
    form: ["/recordings/:id", (language) => ({ intent: "transcribe", language, speakers: "" })],
    json: ["POST /recordings/:id/transcribe", (language) => ({ language })],
  },
  "too many speakers": {
    text: "21",
    form: ["/recordings/:id", (speakers) => ({ intent: "transcribe", language: "", speakers })],
    json: ["POST /recordings/:id/transcribe", (speakers) => ({ speakers: Number(speakers) })],
  },
  "no address for an invite": {
    text: "nobody",
    form: ["/workspaces/:workspace", (email) => ({ intent: "invite", email, role: "viewer" })],
    json: ["POST /workspaces/:workspace/members", (email) => ({ email })],
  },
};

test.for(Object.keys(faults))("page and API say the same of %s", async (name) => {
  const fault = faults[name]!;
  const [page, api] = [await send(fault, "page", fault.text), await send(fault, "API", fault.text)];
  const { issues } = z.object({ issues: z.array(z.object({ message: z.string() })) }).parse(await api.json());
  expect([api.status, issues.length]).toEqual([400, 1]);
  // What the page's data writes as JSON writes it, quotes and all.
  expect([page.status, await page.text()]).toEqual([
    expect.toSatisfy((status) => [400, 409].includes(status)),
    expect.stringContaining(JSON.stringify(issues[0]!.message).slice(1, -1)),
  ]);
});

test.for(Object.keys(fields))(
  "%s is kept alike by page and API, clean and to the same length",
  { timeout: 60_000 },
  async (name) => {
    const field = fields[name]!;
    const { limit, clean, optional } = field;
    const longest = { "as long as may be": ` ${"x".repeat(limit)}\0`, "one longer": "x".repeat(limit + 1) };
    for (const [what, text] of Object.entries({ ...hostileTexts, ...longest })) {
      const cleaned = clean(text);
      const isTaken = cleaned.length <= limit && (cleaned !== "" || optional === true);
      const expected = isTaken ? cleaned : null;
      const found = { page: await kept(field, "page", text), API: await kept(field, "API", text) };
      expect([what, found]).toEqual([what, { page: expected, API: expected }]);
    }
  },
);
