import { glob, readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { guestPath } from "#web/calls/guest-link.ts";
import { testDatabase } from "#tests/setup/database.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import { inBatches } from "./in-batches.ts";
import { forms } from "./hostile-forms.ts";
import { hostileEscapes, hostileJson, hostileTexts, uncleanText } from "./hostile.ts";
import { oneOfEverything } from "./hostile-setup.ts";
import { hostileWeb } from "./hostile-web.ts";
import type { HostileWeb } from "./hostile-web.ts";
import { startWeb } from "./server.ts";
import type { TestWeb } from "./server.ts";

let db: TestDatabase;
/** Fills the database; the pages come from a process of their own, as in earnest: in this one React is slow to check. */
let maker: TestWeb;
let web: HostileWeb;
let world: Awaited<ReturnType<typeof oneOfEverything>>;
beforeAll(async () => {
  db = await testDatabase();
  maker = await startWeb(db);
  const { CONVENE_SECRET } = maker.env;
  const settings = {
    NODE_ENV: "production",
    LOG_LEVEL: "silent",
    CONVENE_SECRET,
    MEDIA_DIR: maker.mediaDir,
    ATTENDEE_API_KEY: "key",
    GOOGLE_CLIENT_ID: "client",
    GOOGLE_CLIENT_SECRET: "secret",
    GOOGLE_BASE_URL: "http://127.0.0.1:9",
  };
  [world, web] = await Promise.all([oneOfEverything(maker), hostileWeb(db, { settings })]);
});
afterAll(async () => {
  await web.stop();
  await maker[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
});

const isJson = (field: string) => field === "sessions" || field === "blueprint";

interface Sent {
  method?: string;
  body?: BodyInit;
  headers?: Record<string, string>;
}
const faults: string[] = [];
async function send(path: string, what: string, init: Sent, cookie = world.ada.cookie) {
  const url = `${web.url}/${world.named(path)}`;
  const answer = await fetch(url, {
    method: "POST",
    redirect: "manual",
    ...init,
    headers: { cookie, origin: web.url, ...init.headers },
  });
  await answer.text();
  if (answer.status >= 500) faults.push(`${init.method ?? "POST"} ${path} ${what}: ${answer.status}`);
  return answer;
}
const filled = (fields: Record<string, string>) =>
  Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, world.named(value)]));

test("every page that takes a form stands in the table, with everything that can be asked of it", async () => {
  const [routes, actions, intents] = [new Set(forms.map(({ route }) => route)), new Set<string>(), new Set<string>()];
  const config = await readFile(new URL("../../web/routes.ts", import.meta.url), "utf8");
  const pathBy = new Map([...config.matchAll(/route\("([^"]+)", "([^"]+)"\)/g)].map(([, path, file]) => [file, path]));
  for await (const file of glob("web/{routes/*.ts*,pages/**/*.ts,calendar/*.ts}")) {
    const source = await readFile(file, "utf8");
    if (/export (const|async function) action\b/.test(source)) actions.add(pathBy.get(file.slice(4)) ?? file);
    for (const [, intent = ""] of source.matchAll(/intent: z\.literal\("(\w+)"\)/g)) intents.add(intent);
    const [, listed = ""] = /const intents = \[(.*)\] as const/.exec(source) ?? [];
    for (const [, intent = ""] of listed.matchAll(/"(\w+)"/g)) intents.add(intent);
  }
  // These two take no form: JSON of the guest's page, and nothing.
  const elsewhere = ["join/:id/:token/call", "sign-out"];
  expect([...actions].toSorted()).toEqual([...routes, ...elsewhere].toSorted());
  const asked = new Set([...forms.flatMap(({ fields }) => fields["intent"] ?? []), "save", "join", "leave"]);
  expect([...asked].toSorted()).toEqual([...new Set([...intents, "save"])].toSorted());
});

test("nothing that a guest's page sends makes its answer fail", async () => {
  const { id } = world.meeting;
  const { guestLinkVersion } = await db.prisma.meeting.findUniqueOrThrow({ where: { id } });
  const path = guestPath(maker.env.CONVENE_SECRET, { id, guestLinkVersion }).slice(1);
  const ask = (body: string) =>
    send(`${path}/call`, body.slice(0, 80), { body, headers: { "content-type": "application/json" } });
  const tabKey = `"${"k".repeat(20)}"`;
  const { status } = await ask(`{"intent":"join","name":"Zoe","tabKey":${tabKey}}`);
  expect(status).toBe(200);
  await inBatches(Object.values(hostileJson), async (value) => {
    await ask(`{"intent":"join","name":${value},"tabKey":${tabKey}}`);
    await ask(`{"intent":"join","name":"Zoe","tabKey":${value}}`);
    await ask(`{"intent":"leave","last":${value}}`);
    await ask(`{"intent":${value}}`);
    await ask(value);
  });
  expect(faults).toEqual([]);
});

const [NUL, proto] = [hostileTexts["NUL"] ?? "", "__proto__"];
/** Fields of people's words (`x`) get every hostile text; of others two. */
const hostileFor = (field: string, value: string): Record<string, string> => {
  if (isJson(field)) return { ...hostileTexts, ...hostileJson };
  return value === "x" ? hostileTexts : { NUL, proto };
};

test(
  "no text in any field of any form makes a page fail, and what is kept is clean",
  { timeout: 600_000 },
  async () => {
    // An intent that is none is the same for all forms of a page.
    const withIntents = new Set<string>();
    for (const { route, path = route, fields } of forms) {
      const good = filled(fields);
      for (const [field, value] of Object.entries(fields)) {
        if (field === "intent" && withIntents.has(path)) continue;
        if (field === "intent") withIntents.add(path);
        const texts = Object.entries(hostileFor(field, value));
        await inBatches(texts, ([name, text]) =>
          send(path, `${field}: ${name}`, { body: new URLSearchParams({ ...good, [field]: text }) }),
        );
        const [parts, file] = [new FormData(), new FormData()];
        for (const [key, each] of Object.entries({ ...good, [field]: NUL })) parts.append(key, each);
        for (const [key, each] of Object.entries(good)) file.append(key, each);
        file.set(field, new Blob(["x"]), "a\u0000b");
        await send(path, `${field}: NUL in parts`, { body: parts });
        await send(path, `${field} is a file`, { body: file });
      }
    }
    expect(faults).toEqual([]);
    expect(await uncleanText(db.prisma)).toEqual([]);
  },
);

test("no body makes a page fail: other types, none, and forms that break off", { timeout: 300_000 }, async () => {
  const parts = 'multipart/form-data; boundary="x"';
  const bodies: [string, string | null, string][] = [
    ["no type", null, "intent=rename"],
    ["JSON", "application/json", '{"intent":"rename"}'],
    ["text", "text/plain", "intent=rename"],
    ["no such type", "@", "intent=rename"],
    ["parts without a boundary", "multipart/form-data", "--x\r\n"],
    ["parts that break off", parts, '--x\r\nContent-Disposition: form-data; name="intent"\r\n\r\nren'],
    ["parts without names", parts, "--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n"],
    ["no parts", parts, "nothing of the kind"],
    ["fields of an object", "application/x-www-form-urlencoded", "__proto__=1&constructor=2&intent=toString&%00=%00"],
    ["half escapes", "application/x-www-form-urlencoded", "intent=%&title=%ED%A0%80&%E0=%"],
  ];
  for (const path of new Set(forms.map(({ route, path = route }) => path))) {
    await inBatches(bodies, ([name, type, body]) =>
      send(path, name, { body: Buffer.from(body), headers: type === null ? {} : { "content-type": type } }),
    );
  }
  expect(faults).toEqual([]);
});

const queries: Record<string, string[]> = {
  recordings: ["q", "status", "after"],
  "recordings/:id": ["version"],
  meetings: ["q", "status", "after", "agent"],
  "meetings/new": ["agent", "for"],
  "meetings/:meeting": ["version"],
  calendar: ["view", "from", "calendar"],
  "calendar/log": ["after"],
  "calendar/connections": ["consent"],
  "calendar/connect/google": ["account"],
  "calendar/connect/google/callback": ["code", "state", "error", "iss"],
  "podcasts/:channel": ["jobs", "episodes"],
  agents: ["after"],
  runs: ["q", "status", "after"],
  inbox: ["state", "sender", "meeting", "after"],
  notifications: ["after"],
  "sign-up": ["next"],
  "sign-in": ["next"],
};
const named = [
  "recordings/:id",
  "meetings/:id",
  "meetings/:id/call",
  "meetings/:id/calendar.ics",
  "calendar/events/:id",
  "calendar/accounts/:id",
  "calendar/connect/:service",
  "calendar/connect/:service/callback",
  "podcasts/:id",
  "podcasts/:channel/episodes/:episodeId",
  "agents/:id",
  "runs/:id",
  "inbox/:id",
  "workspaces/:id",
  "invite/:token",
  "reset-password/:token",
  "join/:meeting/:token",
  "join/:meeting/:token/call",
  ":nothing",
];

test("no address makes a page fail", { timeout: 300_000 }, async () => {
  const get = (path: string) => send(path, "", { method: "GET" });
  for (const escape of hostileEscapes) {
    await inBatches(named, async (page) => {
      const place = page.match(/:\w+/g)?.at(-1) ?? "";
      const path = page.replace(place, escape);
      await get(path);
      await get(`${path}.data?_routes=${escape}`);
      await send(path, "", { body: new URLSearchParams({ intent: "delete" }) });
    });
    await inBatches(Object.entries(queries), ([page, fields]) =>
      get(`${page}?${fields.map((field) => `${field}=${escape}`).join("&")}`),
    );
    const { email, password } = world.ada;
    await send(`sign-in?next=/${escape}`, "", { body: new URLSearchParams({ email, password }) });
    await get(`__manifest?paths=${escape}&version=${escape}`);
    await get(`assets/${escape}`);
    const cookie = `convene.session_token=${escape}; theme=${escape}`;
    await send("", `cookie ${escape}`, { method: "GET" }, cookie);
  }
  expect(faults).toEqual([]);
});
