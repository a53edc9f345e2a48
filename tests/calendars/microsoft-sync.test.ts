import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { accessTokenOf } from "#records/calendars/account-tokens.ts";
import { startFakeMicrosoft } from "#tests/fakes/microsoft.ts";
import type { FakeMicrosoft, GraphEvent } from "#tests/fakes/microsoft.ts";
import { testSealer } from "#tests/setup/seal.ts";
import { startAccountSystem } from "./account-setup.ts";
import { eventsOf, inHours, syncNow, synced } from "./system.ts";

let microsoft: FakeMicrosoft;
let system: Awaited<ReturnType<typeof startAccountSystem<GraphEvent>>>;
beforeAll(async () => {
  microsoft = await startFakeMicrosoft();
  system = await startAccountSystem<GraphEvent>("microsoft", microsoft);
});
afterAll(async () => {
  await system[Symbol.asyncDispose]();
  await microsoft[Symbol.asyncDispose]();
});
afterEach(() => {
  Object.assign(microsoft.state, { answer: null, oldest: 0, pageSize: 1_000, refusesDelta: false });
  Object.assign(microsoft.oauth.state, { fail: null, accessSeconds: 3_600 });
});

const teams = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_abc%40thread.v2/0?context=%7b%7d";
const time = (date: Date) => ({ dateTime: date.toISOString().replace("Z", "0000"), timeZone: "UTC" });

function meeting(id: string, hours: number, more: object = {}): GraphEvent {
  const at = inHours(hours);
  const end = new Date(at.getTime() + 1_800_000);
  const common = { subject: `Meeting ${id}`, iCalUId: `uid-${id}`, type: "singleInstance", isOrganizer: true };
  return { id, start: time(at), end: time(end), ...common, onlineMeeting: { joinUrl: teams }, ...more };
}

const asked = () =>
  microsoft.asked.splice(0).map(({ url: { pathname, searchParams } }) => {
    if (searchParams.has("$deltatoken")) return "changes";
    return pathname.endsWith("/delta") ? "place" : pathname.endsWith("/calendarView") ? "events" : "calendar";
  });

test("an Outlook calendar is read over all its pages, in UTC, with the call of each event", async () => {
  microsoft.state.pageSize = 2;
  const events = [1, 2, 3, 4, 5].map((hours) => meeting(`e${hours}`, hours));
  const { ann, id } = await system.connected(events);
  expect(await eventsOf(ann)).toMatchObject(
    events.map(({ subject }, at) => ({
      title: subject,
      meetingUrl: teams,
      start: inHours(at + 1).toISOString(),
      recurring: false,
    })),
  );
  expect(await synced(ann, id)).toMatchObject({
    kind: "microsoft",
    account: { provider: "microsoft", email: ann.email, needsConsent: false },
    sync: { state: "ok" },
  });
  for (const { prefer } of microsoft.asked) expect(prefer).toContain('outlook.timezone="UTC"');
});

test("a calendar that did not change is asked for changes only; a change is found, and so is what is gone", async () => {
  asked();
  const { ann, id, account } = await system.connected([meeting("a", 1), meeting("b", 2)]);
  expect(asked()).toEqual(["place", "calendar", "events"]);
  await syncNow(ann, id);
  expect(asked()).toEqual(["changes"]);
  account.put(meeting("a", 5, { subject: "Moved" }));
  account.remove("b");
  await syncNow(ann, id);
  expect(asked()).toEqual(["changes", "calendar", "events"]);
  expect((await eventsOf(ann)).map(({ title }) => title)).toEqual(["Moved"]);
});

test("the place from which on changes are told moves on with the window, and is begun anew where it is gone", async () => {
  const { ann, id } = await system.connected([meeting("a", 1)]);
  asked();
  await system.db.prisma.calendar.update({ where: { id }, data: { expandedAt: inHours(-7) } });
  await syncNow(ann, id);
  expect(asked()).toEqual(["place", "calendar", "events"]);
  microsoft.state.oldest = 100;
  await syncNow(ann, id);
  expect(asked()).toEqual(["changes", "place", "calendar", "events"]);
  microsoft.state.oldest = 0;
  await system.db.prisma.calendar.update({ where: { id }, data: { cursor: "https://elsewhere.example.com/delta" } });
  expect((await syncNow(ann, id)).sync.state).toBe("ok");
  expect(asked()).toEqual(["place", "calendar", "events"]);
});

test("a calendar whose changes are not told is read each time", async () => {
  microsoft.state.refusesDelta = true;
  asked();
  const { ann, id, account } = await system.connected([meeting("a", 1)]);
  expect(asked()).toEqual(["place", "calendar", "events"]);
  account.put(meeting("b", 2));
  await syncNow(ann, id);
  expect(asked()).toEqual(["calendar", "events"]);
  expect(await eventsOf(ann)).toHaveLength(2);
});

test("the token is not sent to another host, whatever an answer names as its next page", async () => {
  const { ann, id } = await system.connected([meeting("a", 1)]);
  const elsewhere = await startFakeMicrosoft();
  const next = `${elsewhere.baseUrl}/v1.0/me/calendars`;
  microsoft.state.answer = (response) => response.end(JSON.stringify({ value: [], "@odata.nextLink": next }));
  expect((await syncNow(ann, id)).sync.problem?.code).toBe("damaged");
  expect(elsewhere.asked).toEqual([]);
  await elsewhere[Symbol.asyncDispose]();
});

test("of a series each occurrence is one, keeps its place when it alone is moved, and what is said about it holds", async () => {
  const nth = (at: number, more: object = {}) =>
    meeting(`s${at}`, 24 * at, {
      type: "occurrence",
      seriesMasterId: "master",
      originalStart: inHours(24 * at).toISOString(),
      ...more,
    });
  const { ann, id, account } = await system.connected([nth(1), nth(2), nth(3)]);
  const [first, second] = await eventsOf(ann);
  expect(first).toMatchObject({ recurring: true });
  const say = (eventId: string, scope: string) =>
    ann.json("/api/calendar/auto-join/override", { method: "POST", body: { eventId, scope, override: "never" } });
  await say(second!.id, "one");
  const [start, end] = [time(inHours(30)), time(inHours(31))];
  account.put(nth(2, { type: "exception", start, end, subject: "Moved" }));
  await syncNow(ann, id);
  const after = await eventsOf(ann);
  expect(after.find(({ title }) => title === "Moved")).toMatchObject({ id: second!.id, override: "never" });
  await say(first!.id, "series");
  expect((await eventsOf(ann)).map(({ override }) => override)).toEqual(["never", "never", "never"]);
});

const failing = [
  [503, {}, "server_error"],
  [429, {}, "rate_limited"],
  [403, { error: { code: "ErrorAccessDenied" } }, "not_permitted"],
  [404, { error: { code: "ErrorItemNotFound" } }, "unshared"],
  [404, { error: { code: "MailboxNotEnabledForRESTAPI" } }, "not_permitted"],
  [200, { value: "none" }, "damaged"],
  [200, "no JSON", "damaged"],
] as const;
test.each(failing)(
  "where Graph answers %i %j, the calendar says %s, and its events stay",
  async (status, body, code) => {
    const { ann, id } = await system.connected([meeting("a", 1)]);
    microsoft.state.answer = (response) =>
      response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
    expect((await syncNow(ann, id)).sync).toMatchObject({ state: "failed", problem: { code } });
    expect(await eventsOf(ann)).toHaveLength(1);
    microsoft.state.answer = null;
    expect((await syncNow(ann, id)).sync.state).toBe("ok");
  },
);

test("a refresh token is good once: of many who need a new one at once one asks, and the next is stored before it is used", async () => {
  const { ann, id, accountId } = await system.connected([meeting("a", 1)]);
  const { prisma } = system.db;
  const stored = async () =>
    (await prisma.calendarAccount.findUniqueOrThrow({ where: { id: accountId } })).refreshToken;
  const place = { table: "calendar_account", column: "refresh_token", id: accountId };
  const first = testSealer.open(await stored(), place);
  const expire = () => prisma.calendarAccount.update({ where: { id: accountId }, data: { accessUntil: new Date(0) } });
  const refresh = (_provider: string, token: string) => system.clients.microsoft!.refresh(token);
  const before = microsoft.oauth.state.refreshes;
  await expire();
  const ask = () => accessTokenOf({ prisma, sealer: testSealer }, { accountId, refresh });
  const got = await Promise.all([1, 2, 3, 4, 5].map(ask));
  expect(new Set(got.map((each) => (typeof each === "string" ? each : each.accessToken))).size).toBe(1);
  expect(microsoft.oauth.state.refreshes).toBe(before + 1);
  expect(testSealer.open(await stored(), place)).not.toBe(first);
  await expire();
  expect((await syncNow(ann, id)).sync.state).toBe("ok");
});

test("a consent that ended is asked for anew", async () => {
  const { ann, id } = await system.connected([meeting("a", 1)]);
  microsoft.oauth.forgetAccess();
  microsoft.oauth.state.fail = { status: 400, body: '{"error":"interaction_required"}' };
  expect(await syncNow(ann, id)).toMatchObject({
    account: { needsConsent: true },
    sync: { problem: { code: "consent_needed" } },
  });
});

test("an identity of another tenant's issuer is none; who has no address but a name to sign in with is known by that", async () => {
  const ann = await system.web.signUp();
  microsoft.addPerson(ann.email);
  microsoft.oauth.state.claims = { tid: "00000000-0000-4000-8000-000000000000" };
  expect(await system.consentAs(ann)).toEqual({ problem: "unconfirmed" });
  microsoft.oauth.state.claims = { email: undefined, preferred_username: "Ann@Contoso.example.com" };
  expect(await system.consentAs(ann)).toHaveProperty("accountId");
  microsoft.oauth.state.claims = {};
  const rows = await system.db.prisma.calendarAccount.findMany({ where: { ownerId: ann.userId } });
  expect(rows).toMatchObject([{ provider: "microsoft", email: "ann@contoso.example.com" }]);
});

test("with its last calendar an account goes; Microsoft has nothing to revoke a single consent by", async () => {
  const { ann, id } = await system.connected();
  await ann.json(`/api/calendars/${id}`, { method: "DELETE" });
  await expect.poll(() => system.db.prisma.calendarAccount.count({ where: { ownerId: ann.userId } })).toBe(0);
});
