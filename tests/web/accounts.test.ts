import { expect, test } from "vitest";
import { createLog } from "#records/log.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { giveRole } from "#web/pages/accounts/give-role.ts";
import { cookieOf, startWeb } from "./server.ts";
import type { TestPerson } from "./server.ts";

interface Listed {
  items: { id: string; email: string; role: string; state: string; lastSignInAt: string | null }[];
  nextCursor: string | null;
}

/** A server with its administrator and two more people. */
async function threePeople() {
  await using made = new AsyncDisposableStack();
  const db = made.use(await testDatabase());
  const web = made.use(await startWeb(db, { settings: { NODE_ENV: "production" } }));
  const ada = await web.signUp("ada@example.com");
  const [ben, cleo] = [await web.signUp("ben@example.com"), await web.signUp("cleo@example.org")];
  const page = (path: string, { cookie }: Pick<TestPerson, "cookie">) =>
    fetch(`${web.url}${path}`, { redirect: "manual", headers: { cookie } });
  const send = (person: TestPerson, fields: Record<string, string>) =>
    fetch(`${web.url}/accounts.data`, {
      method: "POST",
      redirect: "manual",
      headers: person.headers,
      body: new URLSearchParams(fields),
    });
  const put = (headers: Record<string, string>, id: string, body: object) =>
    fetch(`${web.url}/api/accounts/${id}`, {
      method: "PATCH",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const all = made.move();
  return { db, web, ada, ben, cleo, page, send, put, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

test("the accounts are for administrators alone: no page, no data, no change for others", async () => {
  await using it = await threePeople();
  const { ada, ben, page } = it;
  for (const path of ["/accounts", "/accounts.data"]) expect((await page(path, ben)).status).toBe(404);
  expect((await it.send(ben, { userId: ben.userId, role: "admin" })).status).toBe(404);
  expect((await page("/api/accounts", ben)).status).toBe(403);
  expect((await it.put(ben.headers, ben.userId, { role: "admin" })).status).toBe(403);
  expect(await it.db.prisma.user.count({ where: { role: "admin" } })).toBe(1);
  expect(await (await page("/settings", ben)).text()).not.toContain('href="/accounts"');
  expect(await (await page("/settings", ada)).text()).toContain('href="/accounts"');
});

test("the list has who may sign in and since when, is searched by name and address, narrowed and paged", async () => {
  await using it = await threePeople();
  const { web, ada, ben, cleo } = it;
  const list = (query: string) => ada.json<Listed>(`/api/accounts${query}`);
  const emails = async (query: string) => (await list(query)).items.map(({ email }) => email);
  expect(await emails("")).toEqual([cleo.email, ben.email, ada.email]);
  expect(await emails("?role=admin")).toEqual([ada.email]);
  expect(await emails("?q=BEN@exa")).toEqual([ben.email]);
  expect(await emails("?q=example.com&role=user")).toEqual([ben.email]);
  expect(await emails("?q=nobody")).toEqual([]);
  const first = await list("?limit=2");
  expect(await emails(`?limit=2&cursor=${first.nextCursor}`)).toEqual([ada.email]);

  const credentials = { email: ben.email, password: ben.password };
  const signedIn = await fetch(`${web.url}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { origin: web.url, "content-type": "application/json" },
    body: JSON.stringify(credentials),
  });
  expect(cookieOf(signedIn)).not.toBe("");
  await it.db.prisma.user.update({ where: { id: cleo.userId }, data: { pending: true } });
  const { items } = await list("");
  expect(items.map(({ state, lastSignInAt }) => [state, lastSignInAt !== null])).toEqual([
    ["pending", false],
    ["open", true],
    ["open", false],
  ]);
  expect(JSON.stringify(items)).not.toMatch(/password|token|address/i);
});

test("the page shows each account, offers what can be done, and says where nothing fits", async () => {
  await using it = await threePeople();
  const { ada, ben, page } = it;
  const html = async (query = "") => (await (await page(`/accounts${query}`, ada)).text()).replaceAll("<!-- -->", "");
  const text = await html();
  expect(text).toContain("cleo@example.org");
  expect(text).toContain("the only administrator");
  expect(text.match(/>Make administrator</g)).toHaveLength(2);
  expect(text).not.toContain(">Take back<");
  const found = await html("?q=cleo");
  expect([found.includes("cleo@example.org"), found.includes(ben.email)]).toEqual([true, false]);
  expect(await html("?q=xyzzy")).toContain("No account fits this search.");
  expect(await html("?status=administrators")).not.toContain(ben.email);
  await it.put(ada.headers, ben.userId, { role: "admin" });
  expect((await html()).match(/>Take back</g)).toHaveLength(2);
});

test("a change by page or API holds at once for open sessions and keys, and the log has it by ids", async () => {
  await using it = await threePeople();
  const { web, ada, ben, cleo, page, put } = it;
  const key = await ben.apiKey();
  const byKey = { authorization: `Bearer ${key}` };
  const sees = async () => [
    (await page("/runs", ben)).status,
    (await page("/api/inbox", ben)).status,
    (await fetch(`${web.url}/api/accounts`, { headers: byKey })).status,
  ];
  expect(await sees()).toEqual([404, 403, 403]);
  expect((await it.send(ada, { userId: ben.userId, role: "admin" })).status).toBe(200);
  expect(await sees()).toEqual([200, 200, 200]);
  const answer = await put(ada.headers, ben.userId, { role: "user" });
  expect([answer.status, await answer.json()]).toEqual([
    200,
    expect.objectContaining({ id: ben.userId, role: "user" }),
  ]);
  expect(await sees()).toEqual([404, 403, 403]);

  const lines: string[] = [];
  const log = createLog({ name: "test", level: "info" }, { write: (line) => lines.push(line) });
  const change = { actorId: ada.userId, userId: cleo.userId, role: "admin" } as const;
  await giveRole({ prisma: it.db.prisma, log }, change);
  await giveRole({ prisma: it.db.prisma, log }, change);
  expect(lines.map((line) => JSON.parse(line))).toEqual([expect.objectContaining(change)]);
  expect(lines.join()).not.toContain(cleo.email);
});

test("a key takes an administrator back and makes none", async () => {
  await using it = await threePeople();
  const { ada, ben, put } = it;
  const byKey = { authorization: `Bearer ${await ada.apiKey()}` };
  const refused = await put(byKey, ben.userId, { role: "admin" });
  expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining("not by a key")]);
  expect((await put(ada.headers, ben.userId, { role: "admin" })).status).toBe(200);
  expect((await put(byKey, ben.userId, { role: "user" })).status).toBe(200);
});

test("page and API refuse alike, in words: the only administrator, who is not there, what is no role", async () => {
  await using it = await threePeople();
  const { ada, ben, put, send } = it;
  const words = "This is the server's only administrator.";
  const byApi = await put(ada.headers, ada.userId, { role: "user" });
  expect([byApi.status, await byApi.text()]).toEqual([409, expect.stringContaining(words)]);
  const byPage = await send(ada, { userId: ada.userId, role: "user" });
  expect([byPage.status, await byPage.text()]).toEqual([409, expect.stringContaining(words)]);
  const nobody = "01a1fe0c-2539-7367-a031-c0502730b6e5";
  expect((await put(ada.headers, nobody, { role: "admin" })).status).toBe(404);
  expect((await send(ada, { userId: nobody, role: "admin" })).status).toBe(404);
  for (const role of ["owner", ""]) {
    expect((await put(ada.headers, ben.userId, { role })).status).toBe(400);
    expect((await send(ada, { userId: ben.userId, role })).status).toBe(400);
  }
  // Who takes it back from themselves is led away from a page that is theirs no more.
  await put(ada.headers, ben.userId, { role: "admin" });
  const left = await send(ada, { userId: ada.userId, role: "user" });
  expect([left.status, await left.text()]).toEqual([202, expect.stringContaining('"/"')]);
  expect((await it.page("/accounts", ada)).status).toBe(404);
  expect((await it.page("/accounts", ben)).status).toBe(200);
});
