import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startFakeGoogle } from "#tests/fakes/google.ts";
import type { FakeGoogle } from "#tests/fakes/google.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { startCalendarPages } from "./calendar-web.ts";
import { startWeb } from "../server.ts";
import type { TestPerson } from "../server.ts";

let google: FakeGoogle;
let pages: Awaited<ReturnType<typeof startCalendarPages>>;
beforeAll(async () => {
  google = await startFakeGoogle();
  pages = await startCalendarPages(google.settings);
});
afterAll(async () => {
  await pages[Symbol.asyncDispose]();
  await google[Symbol.asyncDispose]();
});
afterEach(() => {
  google.state.answer = null;
  Object.assign(google.oauth.state, { fail: null, claims: {}, granted: (scope: string) => scope });
});

const begin = "/calendar/connect/google";

async function locationOf(path: string, person: TestPerson): Promise<string> {
  const answer = await pages.get(path, person);
  expect(answer.status).toBe(302);
  return answer.headers.get("location") ?? "";
}

/** The path that Google sends a person back to. */
async function back(person: TestPerson, from = begin): Promise<string> {
  const url = new URL(await google.consent(await locationOf(from, person)));
  return url.pathname + url.search;
}

/** Someone with an account at Google of the same address. */
async function newPerson(more: Parameters<FakeGoogle["addPerson"]>[1] = []) {
  const ann = await pages.signUp();
  return { ann, account: google.addPerson(ann.email, more) };
}

const accounts = (person: TestPerson) => pages.prisma.calendarAccount.count({ where: { ownerId: person.userId } });

test("a person is sent to Google with what binds the answer to them, and asked for reading alone", async () => {
  const { ann } = await newPerson();
  const url = new URL(await locationOf(begin, ann));
  expect(url.origin).toBe(google.baseUrl);
  const {
    state,
    nonce,
    code_challenge: challenge,
    redirect_uri: redirectUri,
    ...asked
  } = Object.fromEntries(url.searchParams);
  expect(asked).toEqual({
    client_id: google.settings.GOOGLE_CLIENT_ID,
    response_type: "code",
    code_challenge_method: "S256",
    access_type: "offline",
    prompt: "consent",
    scope:
      "openid email https://www.googleapis.com/auth/calendar.calendarlist.readonly https://www.googleapis.com/auth/calendar.events.readonly",
  });
  for (const secret of [state, nonce, challenge]) expect(secret?.length).toBeGreaterThanOrEqual(43);
  expect(redirectUri).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/calendar\/connect\/google\/callback$/);
});

test("consent leads to the account's calendars, of which the person chooses", async () => {
  const { ann } = await newPerson([
    { id: "team@group", summary: "Team" },
    { id: "other", summary: "Other" },
  ]);
  expect(await pages.html("/calendar/connections", ann)).toContain("Connect Google Calendar");
  const chooser = await locationOf(await back(ann), ann);
  expect(chooser).toMatch(/^\/calendar\/accounts\/[0-9a-f-]{36}$/);
  const html = await pages.html(chooser, ann);
  expect(html).toMatch(new RegExp(`name="calendar"[^>]*checked=""[^>]*value="${ann.email}"`));
  expect(html).toMatch(/name="calendar"[^>]*value="team@group"/);
  expect(html).not.toMatch(/name="calendar"[^>]*checked=""[^>]*value="team@group"/);
  const answer = await pages.act(chooser, { calendar: "team@group", workspaceId: ann.workspaceId }, ann);
  expect([answer.status, answer.headers.get("location")]).toEqual([302, "/calendar/connections"]);
  const { items } = await ann.json<{ items: object[] }>("/api/calendars");
  expect(items).toMatchObject([
    { kind: "google", name: "Team", addresses: [ann.email], account: { email: ann.email, needsConsent: false } },
  ]);
  const list = await pages.html("/calendar/connections", ann);
  expect(list).toContain(`Google Calendar of ${ann.email}`);
  expect(list).toContain("More of its calendars");
  // What is connected is not connected again, and cannot be ticked.
  expect(await pages.html(chooser, ann)).toMatch(/<input[^>]*disabled=""[^>]*value="team@group"/);
  expect((await pages.act(chooser, { calendar: "team@group", workspaceId: ann.workspaceId }, ann)).status).toBe(400);
  expect((await pages.act(chooser, { calendar: "not of this account" }, ann)).status).toBe(400);
});

test("an account that needs its consent anew says so, and is reconnected where it was", async () => {
  const { ann } = await newPerson();
  const chooser = await locationOf(await back(ann), ann);
  await pages.act(chooser, { calendar: ann.email, workspaceId: ann.workspaceId }, ann);
  google.oauth.withdraw(ann.email);
  google.oauth.forgetAccess();
  expect(await pages.html(chooser, ann)).toContain("Reconnect it");
  const [, path = ""] = /href="([^"]*)"[^>]*>Reconnect</.exec(await pages.html("/calendar/connections", ann)) ?? [];
  expect(new URL(await locationOf(path, ann)).searchParams.get("login_hint")).toBe(ann.email);
  expect(await locationOf(await back(ann, path), ann)).toBe(chooser);
  expect(await accounts(ann)).toBe(1);
  expect(await pages.html("/calendar/connections", ann)).not.toContain("Reconnect<");
});

/** What the connections page says after a callback. */
async function said(path: string, person: TestPerson): Promise<string> {
  const location = await locationOf(path, person);
  expect(location).toMatch(/^\/calendar\/connections\?consent=/);
  return pages.html(location, person);
}

test("who says no at Google is told that nothing was connected", async () => {
  const { ann } = await newPerson();
  google.oauth.state.person = null;
  expect(await said(await back(ann), ann)).toContain("You did not allow it");
  expect(await accounts(ann)).toBe(0);
});

test("who allows a part is told what is missing", async () => {
  const { ann } = await newPerson();
  google.oauth.state.granted = (scope) => scope.replace(/ \S*events\.readonly/, "");
  expect(await said(await back(ann), ann)).toContain("tick both");
  expect(await accounts(ann)).toBe(0);
});

test("a callback counts once, for the sign-in that began it alone, and for a while", async () => {
  const [{ ann }, { ann: ben }] = [await newPerson(), await newPerson()];
  const used = await back(ann);
  await locationOf(used, ann);
  const expired = await back(ann);
  await pages.prisma.calendarConsent.updateMany({ data: { expiresAt: new Date(0) } });
  const bens = await back(ben);
  const signedInAgain = await back(ben);
  const before = [await accounts(ann), await accounts(ben)];
  await pages.prisma.calendarConsent.updateMany({ where: { ownerId: ben.userId }, data: { sessionId: "another" } });
  for (const [path, person] of [
    [used, ann],
    [expired, ann],
    [bens, ann],
    [signedInAgain, ben],
    [`${begin}/callback`, ann],
    [`${begin}/callback?code=x&state=`, ann],
    [`${begin}/callback?error=access_denied`, ann],
    [`${begin}/callback?code=x&state=${"x".repeat(5_000)}`, ann],
  ] as const) {
    expect(await said(path, person)).toContain("so nothing was connected. Connect again from here.");
  }
  expect([await accounts(ann), await accounts(ben)]).toEqual(before);
});

const altered: [string, (url: URL) => void][] = [
  ["without a code", (url) => url.searchParams.delete("code")],
  ["with another code", (url) => url.searchParams.set("code", "4/another")],
  ["with two codes", (url) => url.searchParams.append("code", "4/another")],
  ["of another issuer", (url) => url.searchParams.set("iss", "https://elsewhere.example.com")],
  ["with an error of its own", (url) => url.searchParams.set("error", "server_error")],
];
test.each(altered)("a callback %s connects nothing", async (_what, alter) => {
  const { ann } = await newPerson();
  const url = new URL(await back(ann), "http://localhost");
  alter(url);
  expect(await said(url.pathname + url.search, ann)).toContain("did not confirm the consent");
  expect(await accounts(ann)).toBe(0);
});

const untrue = [
  ["another nonce", { nonce: "another" }],
  ["no address", { email: undefined }],
  ["an address that is none", { email: "Ann" }],
] as const;
test.each(untrue)("an identity with %s connects nothing", async (_what, claims) => {
  const { ann } = await newPerson();
  google.oauth.state.claims = claims;
  expect(await said(await back(ann), ann)).toContain("did not confirm the consent");
  expect(await accounts(ann)).toBe(0);
});

test.each([
  [503, ""],
  [429, ""],
  [302, ""],
])("while Google's sign-in answers %i, the person is asked to come again", async (status, body) => {
  const { ann } = await newPerson();
  const path = await back(ann);
  google.oauth.state.fail = { status, body };
  expect(await said(path, ann)).toMatch(/cannot be reached just now|did not confirm/);
  expect(await accounts(ann)).toBe(0);
});

test("while Google does not list calendars, the page says why", async () => {
  const { ann } = await newPerson();
  const chooser = await locationOf(await back(ann), ann);
  google.state.answer = (response) => response.writeHead(503).end();
  expect(await pages.html(chooser, ann)).toContain("server failed");
  expect((await pages.act(chooser, { calendar: ann.email, workspaceId: ann.workspaceId }, ann)).status).toBe(400);
});

test("an account without a calendar says so", async () => {
  const { ann, account } = await newPerson();
  account.calendars.splice(0);
  expect(await pages.html(await locationOf(await back(ann), ann), ann)).toContain("has no calendar");
});

test("another person's account is nobody's, and so is one that was never there", async () => {
  const [{ ann }, { ann: ben }] = [await newPerson(), await newPerson()];
  google.oauth.state.person = { sub: "1", email: ann.email };
  const chooser = await locationOf(await back(ann), ann);
  for (const path of [chooser, "/calendar/accounts/none", "/calendar/accounts/00000000-0000-7000-8000-000000000000"]) {
    expect((await pages.get(path, ben)).status).toBe(404);
    expect((await pages.act(path, { calendar: ann.email }, ben)).status).toBe(404);
  }
  expect((await pages.get("/calendar/connect/nobody", ann)).status).toBe(404);
  expect((await pages.get("/calendar/connect/nobody/callback", ann)).status).toBe(404);
});

test("where no provider is set up nothing is offered, and the addresses say so", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db, { settings: { NODE_ENV: "production" } });
  const ann = await web.signUp();
  const get = (path: string) => fetch(`${web.url}${path}`, { redirect: "manual", headers: { cookie: ann.cookie } });
  expect(await (await get("/calendar/connections")).text()).not.toContain("Connect Google");
  for (const path of [begin, `${begin}/callback?code=x&state=y`]) {
    expect((await get(path)).headers.get("location")).toBe("/calendar/connections?consent=not_set_up");
  }
  expect(await (await get("/calendar/connections?consent=not_set_up")).text()).toContain("cannot be connected on this");
  expect(await (await get("/calendar/connections?consent=constructor")).text()).not.toContain('role="alert"');
});

test("who is not signed in comes back after signing in", async () => {
  const nobody = { cookie: "" } as TestPerson;
  expect(await locationOf(`${begin}/callback?code=a&state=b`, nobody)).toMatch(/^\/sign-in\?next=/);
});
