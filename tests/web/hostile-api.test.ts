import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { testDatabase } from "#tests/setup/database.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import { routes } from "#web/api/routes.ts";
import { table } from "./access-table.ts";
import { inBatches } from "./in-batches.ts";
import { hostileBodies, hostileEscapes, hostileJson, uncleanText } from "./hostile.ts";
import { oneOfEverything } from "./hostile-setup.ts";
import { startWeb } from "./server.ts";
import type { TestWeb } from "./server.ts";

let db: TestDatabase;
let web: TestWeb;
let world: Awaited<ReturnType<typeof oneOfEverything>>;
/** By which all is asked: a key is looked up in half the time of a session, over some thousand requests. */
let key: string;
beforeAll(async () => {
  db = await testDatabase();
  web = await startWeb(db, { settings: { ATTENDEE_API_KEY: "key" } });
  world = await oneOfEverything(web);
  key = await world.ada.apiKey();
});
afterAll(async () => {
  await web[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
});

const here = "@@";
/** Bodies in which the hostile value takes the place of a part that the field's own name does not reach. */
const nested: Record<string, object[]> = {
  "/agents": [
    { name: "x", sessions: [{ session_name: here, goals: ["g"] }] },
    { name: "x", sessions: [{ session_name: "s", goals: [here] }] },
    { name: "x", sessions: [{ title: here, topics: [{ goal: here }] }] },
    { name: "x", blueprintSnapshot: { persona: { [here]: here }, sessions: here } },
    { name: "x", blueprintSnapshot: { conversations: [{ name: here, objectives: [here] }] } },
  ],
};

function keysOf(schema: unknown): string[] {
  if (schema instanceof z.ZodDiscriminatedUnion) return [...new Set(schema.options.flatMap(keysOf))];
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}
const pathOf = (route: string) => world.named(table[route]?.path ?? route.split(" ")[1] ?? "");

/** Whom each request was, and what came of it where that is the server's fault. */
const faults: string[] = [];
async function ask(
  route: string,
  what: string,
  path: string,
  init: { headers?: Record<string, string>; body?: string } = {},
) {
  const [method = ""] = route.split(" ");
  const answer = await fetch(`${web.url}/api${path}`, {
    method,
    headers: { ...(isByHand(route) ? world.ada.headers : { authorization: `Bearer ${key}` }), ...init.headers },
    ...(init.body === undefined ? {} : { body: init.body }),
  });
  const text = await answer.text();
  if (answer.status >= 500) faults.push(`${route} ${what}: ${answer.status} ${text.slice(0, 200)}`);
  return answer.status;
}
/** A key makes neither keys nor administrators. */
const isByHand = (route: string) => ["POST /keys", "PATCH /accounts/:id"].includes(route);
/** Whoever asks is to be there afterwards: their account is to go by a password that is not theirs. */
const isRefused = (route: string) => route === "DELETE /account";
const isGood = (route: string) => (status: number) => (isRefused(route) ? status === 403 : status < 400);
const json = { "content-type": "application/json" };

test(
  "no value in any field of any body makes a route fail, and what is kept is clean",
  { timeout: 300_000 },
  async () => {
    for (const { method, path, body } of routes) {
      if (body === undefined) continue;
      const route = `${method.toUpperCase()} ${path}`;
      const base = JSON.parse(world.named(JSON.stringify(table[route]?.body ?? {}))) as object;
      const good = { headers: json, body: JSON.stringify(base) };
      expect([route, await ask(route, "as it should be", pathOf(route), good)]).toEqual([
        route,
        expect.toSatisfy(isGood(route)),
      ]);
      const shape = path.replace(/^\/agents\/:id$/, "/agents");
      const bodies = [...keysOf(body).map((field) => ({ ...base, [field]: here })), ...(nested[shape] ?? [])];
      for (const each of bodies) {
        await inBatches(Object.entries(hostileJson), ([name, value]) => {
          const sent = JSON.stringify(each)
            .replaceAll(`"${here}":`, '"a\\u0000\\ud800":')
            .replaceAll(`"${here}"`, () => value);
          return ask(route, `${JSON.stringify(each)} with ${name}`, pathOf(route), { headers: json, body: sent });
        });
      }
      await inBatches(Object.entries(hostileBodies), ([name, text]) =>
        ask(route, `body: ${name}`, pathOf(route), { headers: json, body: text }),
      );
      const types = ["text/plain", "application/json; charset=utf-7", "application/xml", "multipart/form-data", "@"];
      await inBatches(types, (type) =>
        ask(route, `type ${type}`, pathOf(route), { headers: { "content-type": type }, body: "{}" }),
      );
    }
    expect(faults).toEqual([]);
    expect(await uncleanText(db.prisma)).toEqual([]);
  },
);

test("no address makes a route fail, by its path or by its query", { timeout: 300_000 }, async () => {
  for (const { method, path, query } of routes) {
    const route = `${method.toUpperCase()} ${path}`;
    await inBatches(hostileEscapes, async (escape) => {
      for (const [place] of path.matchAll(/:\w+/g)) {
        await ask(route, escape, world.named(path.replace(place, escape)), { headers: json });
      }
      if (method !== "get") return;
      const fields = keysOf(query);
      for (const field of fields) await ask(route, `${field}=${escape}`, `${pathOf(route)}?${field}=${escape}`);
      const twice = [...fields, "unknown"].map((each) => `${each}=${escape}&${each}=a&${each}[]=b&${each}[a]=c`);
      await ask(route, `all twice, ${escape}`, `${pathOf(route)}?${twice.join("&")}`);
    });
  }
  expect(faults).toEqual([]);
});

test("what was kept of all this can be read again", async () => {
  for (const route of Object.keys(table).filter((each) => each.startsWith("GET "))) {
    const status = await ask(route, "again", pathOf(route));
    // 409: a meeting that was left without a time has no place in a calendar.
    expect([route, [200, 404, 409].includes(status)]).toEqual([route, true]);
  }
  expect(faults).toEqual([]);
});
