import { randomBytes, randomUUID } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createInvite } from "#records/accounts/invites.ts";
import { openAnalysis } from "#records/conversations/analyses.ts";
import { storeDelivery } from "#records/queues/inbox.ts";
import { addCalendar } from "#tests/calendars/calendar-fixtures.ts";
import { addChannelRows, addFileRows, addUploadChannel } from "#tests/channels/channel-fixtures.ts";
import { addRecorder } from "#tests/bot-visits/recorder-fixtures.ts";
import { testDatabase } from "#tests/setup/database.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import { broken, checkOf, fitting, hostileText, operations } from "./contract-schemas.ts";
import type { Operation, Schema } from "./contract-schemas.ts";
import { addMerge } from "./add-merge.ts";
import { addMeeting } from "./meeting-fixtures.ts";
import { upload } from "./requests.ts";
import { startWeb } from "./server.ts";
import type { TestPerson, TestWeb } from "./server.ts";

const EACH = 30;
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_261_127);

interface Sent {
  path: string;
  query: Record<string, string>;
  /** Undefined: none is sent. */
  body: string | undefined;
  contentType: string;
}

test(
  "every operation of the document answers valid and broken requests as the document says, and never 5xx",
  { timeout: 300_000 },
  async () => {
    await using db = await testDatabase();
    await using web = await startWeb(db, { settings: { ATTENDEE_API_KEY: "key" } });
    const person = await web.signUp();
    const ids = await makeThings(db, web, person);
    // Looked up in half the time of a session; not among the keys that are named and ended.
    const byKey = { authorization: `Bearer ${await person.apiKey()}` };
    const headersFor = (name: string): Record<string, string> => {
      if (name.includes(" /api/auth/")) return { origin: web.url };
      return name === "POST /api/keys" ? person.headers : byKey;
    };
    /** One example of each way in which an operation fails. */
    const failures = new Map<string, unknown>();
    const statuses: Record<string, number> = {};
    // What removes things comes last.
    for (const operation of operations.toSorted(
      (a, b) => Number(a.method === "DELETE") - Number(b.method === "DELETE"),
    )) {
      const name = `${operation.method} ${operation.path}`;
      for (const sent of fc.sample(requestsOf(operation, ids), { seed: SEED, numRuns: EACH })) {
        const answer = await send(web, operation.method, sent, headersFor(name));
        statuses[`${Math.floor(answer.status / 100)}xx`] = (statuses[`${Math.floor(answer.status / 100)}xx`] ?? 0) + 1;
        const complaint = complaintOf(operation, answer);
        if (complaint !== null) failures.set(`${name} ${complaint}`, [sent, answer.text.slice(0, 300)]);
      }
    }
    expect([...failures]).toEqual([]);
    // Neither all refused nor all taken.
    expect(statuses["2xx"]).toBeGreaterThan(operations.length * 4);
    expect(statuses["4xx"]).toBeGreaterThan(operations.length * 4);
  },
);

interface Answer {
  status: number;
  type: string;
  text: string;
}

function complaintOf({ responses }: Operation, { status, type, text }: Answer): string | null {
  const response = responses[status];
  if (status >= 500) return `answered ${status}`;
  if (response === undefined) return `answered ${status}, which the document does not have`;
  const { content } = response;
  if (content === undefined) return null;
  const said = Object.keys(content).find((each) =>
    new RegExp(`^${each.replaceAll("+", "\\+").replace("*", "[^;]+")}$`).test(type),
  );
  if (said === undefined) return `answered ${status} as ${type}, not ${Object.keys(content).join(" or ")}`;
  const schema = content[said]?.schema;
  if (schema === undefined || !type.endsWith("json")) return null;
  const checked = checkFor(schema).safeParse(JSON.parse(text));
  return checked.success ? null : `answered ${status} with a body of another form: ${checked.error.message}`;
}

const checks = new Map<Schema, ReturnType<typeof checkOf>>();
function checkFor(schema: Schema) {
  const check = checks.get(schema) ?? checkOf(schema);
  checks.set(schema, check);
  return check;
}

async function send(web: TestWeb, method: string, sent: Sent, headers: Record<string, string>): Promise<Answer> {
  const query = new URLSearchParams(sent.query).toString();
  const answer = await fetch(`${web.url}${sent.path}${query === "" ? "" : `?${query}`}`, {
    method,
    headers: { ...headers, ...(sent.contentType === "" ? {} : { "content-type": sent.contentType }) },
    ...(sent.body === undefined ? {} : { body: sent.body }),
  });
  const [type = ""] = (answer.headers.get("content-type") ?? "").split(";");
  return { status: answer.status, type, text: await answer.text() };
}

function requestsOf(operation: Operation & { path: string }, ids: Ids): fc.Arbitrary<Sent> {
  const names = operation.parameters.filter(({ in: place }) => place === "path").map(({ name }) => name);
  const path = fc
    .tuple(...names.map((name) => idFor(operation.path, name, ids)))
    .map((values) =>
      names.reduce((whole, name, index) => whole.replace(`{${name}}`, encoded(values[index] ?? "")), operation.path),
    );
  const inQuery = operation.parameters.filter(({ in: place }) => place === "query");
  const query = fc.record(
    Object.fromEntries(
      inQuery.map(({ name, schema }) => [
        name,
        fc.oneof(
          { weight: 3, arbitrary: fitting(schema).map(String) },
          { weight: 1, arbitrary: hostileText.filter(fitsInAddress) },
        ),
      ]),
    ),
    { requiredKeys: inQuery.filter(({ required }) => required).map(({ name }) => name) },
  );
  const schema = operation.requestBody?.content["application/json"]?.schema;
  const json = { contentType: "application/json" };
  const body: fc.Arbitrary<Pick<Sent, "body" | "contentType">> =
    schema === undefined
      ? fc.constantFrom(
          { body: undefined, contentType: "" },
          { body: "{}", ...json },
          { body: "x", contentType: "text/plain" },
        )
      : fc.oneof(
          { weight: 4, arbitrary: fitting(schema).map((value) => ({ body: JSON.stringify(value), ...json })) },
          { weight: 4, arbitrary: broken(schema).map((value) => ({ body: JSON.stringify(value), ...json })) },
          {
            weight: 1,
            arbitrary: fc.constantFrom(
              { body: undefined, contentType: "" },
              { body: "{", ...json },
              { body: '{"a":"\\ud800"}', contentType: "application/json; charset=x" },
              { body: "a=b", contentType: "application/x-www-form-urlencoded" },
              { body: "[".repeat(50_000), ...json },
              { body: "x".repeat(600_000), ...json },
            ),
          },
        );
  const hasBody = !["GET", "HEAD"].includes((operation as { method?: string }).method ?? "");
  return fc.tuple(path, query, body).map(([where, asked, what]) => ({
    path: where,
    query: asked as Record<string, string>,
    ...(hasBody ? what : { body: undefined, contentType: "" }),
  }));
}

// Node's parser refuses a longer head by itself (431).
const fitsInAddress = (text: string) => text.length < 1_000;

// A browser's own encoding refuses half a surrogate, which has no bytes.
const encoded = (value: string) => encodeURIComponent(value.toWellFormed());

type Ids = Record<string, string[]>;

function idFor(path: string, name: string, ids: Ids): fc.Arbitrary<string> {
  // The reference design calls a channel an agent where it speaks of jobs.
  const isOfJobs = /^\/api\/agents\/[^/]+\/(jobs|stats|backfills)/.test(path);
  const kind = name === "id" ? (isOfJobs ? "channels" : (path.split("/")[2] ?? "")) : name;
  const known = ids[kind] ?? [];
  return fc.oneof(
    ...(known.length === 0 ? [] : [{ weight: 7, arbitrary: fc.constantFrom(...known) }]),
    { weight: 1, arbitrary: fc.uuid() },
    { weight: 1, arbitrary: hostileText.filter((text) => fitsInAddress(text) && !/^\.*$/.test(text)) },
  );
}

/** A few of everything that a route can name. */
async function makeThings(db: TestDatabase, web: TestWeb, person: TestPerson): Promise<Ids> {
  const ids: Ids = {
    recordings: [],
    runs: [],
    conversations: [],
    "action-items": [],
    agents: [],
    meetings: [],
    calendars: [],
    calendar: [],
    recorders: [],
    channels: [],
    episodes: [],
    listenerId: [],
    mergeId: [],
    jobId: [],
    videoId: [],
    backfillId: [],
    inbox: [],
    keys: [],
    workspaces: [],
    userId: [],
    inviteId: [],
    token: [],
    label: ["SPEAKER_01"],
  };
  const { prisma } = db;
  const { id: workspaceId } = await person.json<{ id: string }>("/api/workspaces", {
    method: "POST",
    body: { name: "W" },
  });
  ids["workspaces"]?.push(workspaceId, person.workspaceId);
  for (let turn = 0; turn < 4; turn += 1) {
    const { body } = await upload(web, person, randomBytes(20), { workspaceId });
    const analysis = await openAnalysis(prisma, { conversationId: body.id, version: 1 });
    const item = randomUUID();
    await prisma.actionItem.create({
      data: { id: item, conversationId: body.id, analysisId: analysis.id, position: 0, text: "x" },
    });
    await prisma.speaker.create({ data: { conversationId: body.id, label: "SPEAKER_01" } });
    ids["mergeId"]?.push(await addMerge(prisma, { userId: person.userId, id: body.id }));
    const meeting = await addMeeting(prisma, { userId: person.userId, workspaceId });
    if (turn === 1) await meeting.complete();
    if (turn === 2) await meeting.fail("Broken");
    const made = await addCalendar(prisma, { userId: person.userId, workspaceId });
    ids["calendars"]?.push(made.calendar);
    ids["calendar"]?.push(made.event);
    ids["recorders"]?.push(await addRecorder(prisma, { userId: person.userId, workspaceId }));
    const rows = await addChannelRows(prisma, { userId: person.userId, workspaceId });
    for (const key of await addFileRows(prisma, person, rows.channel)) await web.deps.media.putText(key, "sound");
    ids["channels"]?.push(rows.channel, await addUploadChannel(prisma, { userId: person.userId, workspaceId }));
    ids["episodes"]?.push(rows.episode);
    ids["listenerId"]?.push(rows.listener);
    ids["jobId"]?.push(rows.job);
    ids["videoId"]?.push(rows.video);
    ids["backfillId"]?.push(rows.backfill);
    const other = await web.signUp();
    await prisma.membership.create({ data: { userId: other.userId, workspaceId, role: "member" } });
    ids["recordings"]?.push(body.id);
    ids["action-items"]?.push(item);
    ids["meetings"]?.push(meeting.id);
    ids["agents"]?.push(meeting.agentId);
    ids["userId"]?.push(other.userId);
    const invite = { actorId: person.userId, workspaceId, role: "member", email: null } as const;
    ids["inviteId"]?.push((await createInvite(prisma, invite)).id);
    await storeDelivery(db.pool, {
      sender: "stream",
      dedupeKey: randomUUID(),
      subject: turn === 3 ? null : { kind: "meeting", id: meeting.id },
      type: "call.session_ended",
      headers: {},
      body: Buffer.from("{}"),
      occurredAt: null,
      wanted: turn !== 3,
    });
    await other.apiKey();
    await person.apiKey();
  }
  ids["conversations"] = [...(ids["recordings"] ?? []), ...(ids["meetings"] ?? [])];
  ids["runs"] = (await prisma.run.findMany({ select: { id: true } })).map(({ id }) => id);
  ids["inbox"] = (await prisma.webhookDelivery.findMany({ select: { id: true } })).map(({ id }) => id);
  ids["keys"] = (await prisma.apiKey.findMany({ select: { id: true } })).map(({ id }) => id);
  return ids;
}
