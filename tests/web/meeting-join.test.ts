import { decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import { guestToken } from "#web/calls/guest-link.ts";
import { JoinAnswer } from "#web/calls/join-answer.ts";
import { createPracticeTickets } from "#web/practice/ticket.ts";
import { addMeeting } from "./meeting-fixtures.ts";
import { startWeb } from "./server.ts";
import type { TestPerson, TestWeb } from "./server.ts";

const secret = "stream secret of the tests, long enough for a key";
const baseUrl = "https://stream.example.com";

let db: TestDatabase;
let web: TestWeb;
let ada: TestPerson;
let bob: TestPerson;
beforeAll(async () => {
  db = await testDatabase();
  const stream = { STREAM_API_KEY: "key", STREAM_API_SECRET: secret, STREAM_BASE_URL: baseUrl };
  web = await startWeb(db, { settings: { NODE_ENV: "production", ...stream } });
  ada = await web.signUp();
  bob = await web.signUp();
});
afterAll(async () => {
  await web[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
});

async function post(path: string, body: unknown, headers: Record<string, string> = { origin: web.url }) {
  const response = await fetch(`${web.url}${path}`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, text, body: text === "" ? null : (JSON.parse(text) as Record<string, unknown>) };
}

const join = (id: string, person = ada, body: unknown = {}) => post(`/api/meetings/${id}/join`, body, person.headers);

const tokenOf = async (id: string) => {
  const { guestLinkVersion } = await db.prisma.meeting.findUniqueOrThrow({ where: { id } });
  return guestToken(web.env.CONVENE_SECRET, { id, guestLinkVersion });
};
const tabKey = "0123456789abcdef0123456789abcdef";
const joinAsGuest = (id: string, token: string, key = tabKey) =>
  post(`/join/${id}/${token}/call`, { intent: "join", name: "Grace", tabKey: key });

const leaves = (id: string) =>
  db.prisma.outbox.count({ where: { kind: "meeting.leave", payload: { path: ["meetingId"], equals: id } } });

test("the practice room is joined with a ticket that says who one is there", async () => {
  const { id } = await addMeeting(db.prisma, ada);
  const answer = JoinAnswer.parse((await join(id, ada, { name: "Ada L." })).body);
  if (answer.provider !== "practice") throw new Error("not the practice room");
  const read = await createPracticeTickets(web.env.CONVENE_SECRET).readTicket(answer.ticket);
  expect(read).toEqual({ meetingId: id, participantId: ada.userId, name: "Ada L.", role: "host" });
  expect(new URL(answer.url).pathname).toBe(`/ws/practice/${id}`);
});

test("who may only look at a workspace may not join its calls; who may write is no host of another's meeting", async () => {
  const { id } = await addMeeting(db.prisma, ada);
  const [viewer, member] = [await web.signUp(), await web.signUp()];
  const { workspaceId } = ada;
  await db.prisma.membership.createMany({
    data: [
      { workspaceId, userId: viewer.userId, role: "viewer" },
      { workspaceId, userId: member.userId, role: "member" },
    ],
  });
  expect((await join(id, viewer)).status).toBe(403);
  const answer = JoinAnswer.parse((await join(id, member)).body);
  if (answer.provider !== "practice") throw new Error("not the practice room");
  expect(decodeJwt(answer.ticket)).toMatchObject({ role: "member" });
});

test("a token of Stream is for one person and one call, signed by the secret, and ends within four hours", async () => {
  const { id } = await addMeeting(db.prisma, ada, { provider: "stream" });
  const answer = JoinAnswer.parse((await join(id)).body);
  expect(answer).toMatchObject({ provider: "stream", apiKey: "key", userId: ada.userId, callId: id });
  if (answer.provider !== "stream") throw new Error("not Stream");
  expect(new URL(answer.baseUrl ?? "").origin).toBe(baseUrl);
  const { payload } = await jwtVerify(answer.token, new TextEncoder().encode(secret), { algorithms: ["HS256"] });
  expect(payload).toMatchObject({ user_id: ada.userId, call_cids: [`default:${id}`] });
  const now = Date.now() / 1000;
  expect(payload.iat).toBeLessThanOrEqual(now);
  expect(payload.exp).toBeLessThanOrEqual((payload.iat ?? 0) + 4 * 3600);
  expect(payload.exp).toBeGreaterThan(now);
  expect(decodeProtectedHeader(answer.token).alg).toBe("HS256");
});

test("only the members of its workspace are let into a call, and only while it may be joined", async () => {
  const meeting = await addMeeting(db.prisma, ada);
  expect((await join(meeting.id, bob)).status).toBe(404);
  await meeting.begin();
  expect((await join(meeting.id)).status).toBe(200);
  await meeting.end();
  const late = await join(meeting.id);
  expect([late.status, late.body?.["detail"]]).toEqual([409, "This call is over."]);
});

test("a call whose agent is gone is refused with the way out", async () => {
  const { id, agentId } = await addMeeting(db.prisma, ada);
  await db.prisma.agent.delete({ where: { id: agentId } });
  const { status, body } = await join(id);
  expect([status, body?.["detail"]]).toEqual([
    409,
    "The agent of this meeting was deleted. Choose another one for it first.",
  ]);
});

test("without Stream's keys its meetings say so; the browser may reach Stream only where it is set up", async () => {
  await using plain = await startWeb(db, { settings: { CONVENE_SECRET: web.env.CONVENE_SECRET } });
  const { id } = await addMeeting(db.prisma, ada, { provider: "stream" });
  const refused = await fetch(`${plain.url}/api/meetings/${id}/join`, {
    method: "POST",
    headers: { ...ada.headers, origin: plain.url, "content-type": "application/json" },
    body: "{}",
  });
  expect([refused.status, await refused.text()]).toEqual([409, expect.stringContaining("not set up on this server")]);
  const policy = async (url: string) => (await fetch(`${url}/health`)).headers.get("content-security-policy") ?? "";
  expect(await policy(plain.url)).not.toContain("stream");
  expect(await policy(web.url)).toMatch(/connect-src [^;]*wss:\/\/stream\.example\.com/);
  expect(await policy(web.url)).toMatch(/connect-src [^;]*https:\/\/\*\.stream-io-video\.com/);
});

test("a guest's page shows whom the call is with, and nothing of what was said", async () => {
  const meeting = await addMeeting(db.prisma, ada);
  await meeting.begin();
  await meeting.say();
  const page = await fetch(`${web.url}/join/${meeting.id}/${await tokenOf(meeting.id)}`);
  const text = await page.text();
  expect(page.status).toBe(200);
  expect(text).toContain("Join the call");
  expect(text).toContain("is an AI agent.");
  expect(text).not.toContain("Half an hour every morning.");
  await meeting.end();
  await meeting.complete();
  const after = await (await fetch(`${web.url}/join/${meeting.id}/${await tokenOf(meeting.id)}`)).text();
  expect(after).toContain("Thank you");
  expect(after).not.toContain("A first talk about Portuguese.");
});

test("a forged guest link is not found, whatever is asked of it", async () => {
  const [mine, other] = [await addMeeting(db.prisma, ada), await addMeeting(db.prisma, ada)];
  const [token, foreign] = [await tokenOf(mine.id), await tokenOf(other.id)];
  const flipped = (token.startsWith("A") ? "B" : "A") + token.slice(1);
  for (const forged of [flipped, foreign, token.slice(1), `${token}A`, "x"]) {
    const page = await fetch(`${web.url}/join/${mine.id}/${forged}`);
    expect([forged, page.status]).toEqual([forged, 404]);
    expect(await page.text()).not.toContain("Portuguese");
    expect((await joinAsGuest(mine.id, forged)).status).toBe(404);
    expect((await post(`/join/${mine.id}/${forged}/call`, { intent: "leave", last: true })).status).toBe(404);
  }
  expect((await fetch(`${web.url}/join/not-an-id/${token}`)).status).toBe(404);
  expect((await joinAsGuest(mine.id, token)).status).toBe(200);
});

test("a guest joins as a guest, the same one from the same tab and another from another", async () => {
  const { id } = await addMeeting(db.prisma, ada);
  const token = await tokenOf(id);
  const seat = async (key: string) => {
    const answer = JoinAnswer.parse((await joinAsGuest(id, token, key)).body);
    if (answer.provider !== "practice") throw new Error("not the practice room");
    return createPracticeTickets(web.env.CONVENE_SECRET).readTicket(answer.ticket);
  };
  const [first, again, another] = [await seat(tabKey), await seat(tabKey), await seat(`${tabKey}2`)];
  expect(first).toMatchObject({ meetingId: id, name: "Grace (guest)", role: "guest" });
  expect(again?.participantId).toBe(first?.participantId);
  expect(another?.participantId).not.toBe(first?.participantId);
  const nameless = await post(`/join/${id}/${token}/call`, { intent: "join", name: "  ", tabKey });
  expect([nameless.status, nameless.body?.["detail"]]).toEqual([400, "Say what you are called."]);
});

test("a revoked guest link is worthless, and a new one works", async () => {
  const { id } = await addMeeting(db.prisma, ada);
  const before = await tokenOf(id);
  const page = async () => (await fetch(`${web.url}/meetings/${id}`, { headers: { cookie: ada.cookie } })).text();
  expect(await page()).toContain(`${web.url}/join/${id}/${before}`);
  const revoked = await fetch(`${web.url}/meetings/${id}`, {
    method: "POST",
    headers: { cookie: ada.cookie, origin: web.url },
    body: new URLSearchParams({ intent: "revokeGuests" }),
  });
  expect(revoked.status).toBe(200);
  expect((await joinAsGuest(id, before)).status).toBe(404);
  expect(await page()).not.toContain(before);
  expect((await joinAsGuest(id, await tokenOf(id))).status).toBe(200);
  const audited = await db.prisma.auditEntry.count({ where: { subject: id, action: "meeting.guest_links_revoked" } });
  expect(audited).toBe(1);
});

test("a guest who leaves last starts the work, at Stream; the practice room tells by itself who is in it", async () => {
  const [atStream, inRoom] = [
    await addMeeting(db.prisma, ada, { provider: "stream" }),
    await addMeeting(db.prisma, ada),
  ];
  for (const meeting of [atStream, inRoom]) {
    await meeting.begin();
    const path = `/join/${meeting.id}/${await tokenOf(meeting.id)}/call`;
    for (const last of [false, true]) expect((await post(path, { intent: "leave", last })).status).toBe(204);
  }
  expect([await leaves(atStream.id), await leaves(inRoom.id)]).toEqual([1, 0]);
});

test("another site's page cannot join or leave in a guest's name", async () => {
  const { id } = await addMeeting(db.prisma, ada);
  const path = `/join/${id}/${await tokenOf(id)}/call`;
  const foreign = await post(path, { intent: "join", name: "Grace", tabKey }, { origin: "https://evil.example" });
  expect(foreign.status).toBe(403);
});
