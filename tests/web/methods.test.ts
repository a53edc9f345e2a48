import { expect, test } from "vitest";
import { routes } from "#web/api/routes.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { oneOfEverything } from "./hostile-setup.ts";
import { startWeb } from "./server.ts";

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

test("an address answers methods that it does not have with 405 and those it has; OPTIONS with the list alone", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db, { settings: { STREAM_API_KEY: "key", STREAM_API_SECRET: "secret" } });
  const { ada, named } = await oneOfEverything(web);
  const has = new Map<string, Set<string>>([
    ["/uploads", new Set(["POST"])],
    ["/uploads/:id", new Set(["HEAD", "PATCH", "DELETE"])],
    ["/webhook", new Set(["POST"])],
    ["/openapi.json", new Set(["GET", "HEAD"])],
    ["/docs", new Set(["GET", "HEAD"])],
    ["/../healthz", new Set(["GET", "HEAD"])],
  ]);
  for (const { path, method } of routes) {
    const known = has.get(path) ?? new Set();
    for (const each of method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()]) known.add(each);
    has.set(path, known);
  }
  const ask = (method: string, path: string) =>
    fetch(`${web.url}/api${named(path)}`, { method, headers: { ...ada.headers, "tus-resumable": "1.0.0" } });
  for (const [path, known] of has) {
    for (const method of methods.filter((each) => !known.has(each))) {
      const answer = await ask(method, path);
      const allowed = answer.headers.get("allow")?.split(", ").toSorted();
      expect([method, path, answer.status, allowed]).toEqual([method, path, 405, [...known, "OPTIONS"].toSorted()]);
      if (method === "HEAD") continue;
      expect(await answer.json()).toMatchObject({ code: "method_not_allowed", status: 405 });
    }
    if (path.startsWith("/uploads")) continue;
    const options = await ask("OPTIONS", path);
    expect([path, options.status]).toEqual([path, 204]);
    expect(options.headers.get("allow")?.split(", ").toSorted()).toEqual([...known, "OPTIONS"].toSorted());
  }
  for (const path of ["/nothing", "/recordings/:id/nothing", "/webhook/more", "/docs/more"]) {
    for (const method of methods) expect([path, method, (await ask(method, path)).status]).toEqual([path, method, 404]);
  }
});

test("a page answers what no page does, and a form where there is none, with 405 and what it takes", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db, { settings: { NODE_ENV: "production" } });
  const { ada, named } = await oneOfEverything(web);
  const ask = async (method: string, path: string) => {
    const { status, headers } = await fetch(`${web.url}${named(path)}`, {
      method,
      headers: ada.headers,
      redirect: "manual",
    });
    return [method, path, status, headers.get("allow")];
  };
  for (const path of ["/", "/recordings", "/settings", "/meetings/:meeting/calendar.ics", "/sign-out"]) {
    for (const method of ["PUT", "PATCH", "DELETE"]) {
      expect(await ask(method, path)).toEqual([method, path, 405, "GET, HEAD, OPTIONS, POST"]);
    }
    expect(await ask("OPTIONS", path)).toEqual(["OPTIONS", path, 204, "GET, HEAD, OPTIONS, POST"]);
  }
  for (const path of ["/", "/recordings", "/runs", "/meetings/:meeting/call", "/meetings/:meeting/calendar.ics"]) {
    expect.soft(await ask("POST", path)).toEqual(["POST", path, 405, "GET, HEAD, OPTIONS"]);
  }
  expect
    .soft(await ask("GET", "/join/:meeting/:token/call"))
    .toEqual(["GET", "/join/:meeting/:token/call", 405, "OPTIONS, POST"]);
  expect((await fetch(`${web.url}/settings`, { method: "HEAD", headers: ada.headers })).status).toBe(200);
});
