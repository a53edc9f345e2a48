import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import { createInvite } from "#records/accounts/invites.ts";
import { addFinished } from "#tests/e2e/fixtures.ts";
import { safePath } from "#web/pages/forms.ts";
import { joinWorkspace } from "./join-workspace.ts";
import { cookieOf, startWeb } from "./server.ts";
import type { TestPerson, TestWeb } from "./server.ts";

let db: TestDatabase;
let web: TestWeb;
let ada: TestPerson;
let bob: TestPerson;
beforeAll(async () => {
  db = await testDatabase();
  web = await startWeb(db, { settings: { NODE_ENV: "production" } });
  ada = await web.signUp();
  bob = await web.signUp();
});
afterAll(async () => {
  await web[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
});

const get = (path: string, person?: TestPerson, cookie = "") =>
  fetch(`${web.url}${path}`, {
    redirect: "manual",
    headers: { cookie: [person?.cookie, cookie].filter(Boolean).join("; ") },
  });
const credentials = ({ email, password }: TestPerson) => ({ email, password });
const post = (path: string, fields: Record<string, string>, person?: TestPerson) =>
  fetch(`${web.url}${path}`, {
    method: "POST",
    redirect: "manual",
    headers: { cookie: person?.cookie ?? "", origin: web.url },
    body: new URLSearchParams(fields),
  });

test("a file of an older build is gone, and no page passes for it", async () => {
  const answer = await get("/assets/entry.client-Gone1234.js");
  expect(answer.status).toBe(404);
  expect(answer.headers.get("content-type")).not.toContain("html");
});

test("who is not signed in is sent to the sign-in page, and back to where they wanted", async () => {
  const refused = await get("/recordings?q=plan");
  expect([refused.status, refused.headers.get("location")]).toEqual([302, "/sign-in?next=%2Frecordings%3Fq%3Dplan"]);
  const signedIn = await post("/sign-in?next=%2Frecordings%3Fq%3Dplan", credentials(ada));
  expect([signedIn.status, signedIn.headers.get("location")]).toEqual([302, "/recordings?q=plan"]);
  expect(signedIn.headers.getSetCookie().length).toBeGreaterThan(0);
});

test("a wrong password is told in words, without saying whether the account exists", async () => {
  const [wrong, unknown] = await Promise.all([
    post("/sign-in", { email: ada.email, password: "wrong horse" }),
    post("/sign-in", { email: "nobody@example.com", password: "wrong horse" }),
  ]);
  const words = /Invalid email or password/;
  expect([wrong.status, unknown.status]).toEqual([401, 401]);
  expect([await wrong.text(), await unknown.text()]).toEqual([
    expect.stringMatching(words),
    expect.stringMatching(words),
  ]);
});

test("after signing in nobody is led to another site", () => {
  const sly = ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\nb", null];
  expect(sly.map((next) => safePath(next))).toEqual(sly.map(() => "/"));
  expect(safePath("/recordings?q=1")).toBe("/recordings?q=1");
});

test("a recording arrives rendered by the server, its words as text and never as markup", async () => {
  const { id } = await addFinished(web.deps, ada, "<img src=x onerror=alert(1)>");
  const page = await get(`/recordings/${id}`, ada);
  const html = await page.text();
  expect(page.status).toBe(200);
  expect(html).toContain("Thanks for making the time so early.");
  expect(html).toContain("The launch is on 3 December, provided the import holds.");
  expect(html).toContain("&lt;img src=x onerror=alert(1)&gt;");
  expect(html).not.toContain("<img src=x");
  expect(html).not.toContain("<b>one thing");
});

test("another person's recording cannot be told from one that does not exist", async () => {
  const { id } = await addFinished(web.deps, ada);
  const paths = [`/recordings/${id}`, "/recordings/01a1fe0c-2539-7367-a031-c0502730b6e5", "/recordings/not-an-id"];
  const answers = await Promise.all(paths.map((path) => get(path, bob)));
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
  const changed = await post(`/recordings/${id}`, { intent: "rename", title: "Mine now" }, bob);
  expect(changed.status).toBe(404);
  const kept = await web.deps.prisma.conversation.findUniqueOrThrow({ where: { id }, select: { title: true } });
  expect(kept.title).toBe("Launch planning");
});

test("only an administrator sees everybody's runs", async () => {
  expect((await get("/runs", ada)).status).toBe(200);
  expect((await get("/runs", bob)).status).toBe(404);
});

test("the theme is in the first bytes of the page", async () => {
  const dark = await (await get("/sign-in", undefined, "theme=dark")).text();
  const odd = await (await get("/sign-in", undefined, 'theme="><script>')).text();
  expect(dark).toMatch(/<html[^>]*data-theme="dark"/);
  expect(odd).toMatch(/<html[^>]*data-theme="system"/);
});

test("the sample is one recording however often it is asked for", async () => {
  const [first, second] = [await post("/sample", {}, bob), await post("/sample", {}, bob)];
  expect(first.headers.get("location")).toMatch(/^\/recordings\/[0-9a-f-]{36}$/);
  expect(second.headers.get("location")).toBe(first.headers.get("location"));
  const agents = await db.prisma.agent.findMany({ where: { ownerId: bob.userId } });
  expect(agents.map(({ name }) => name)).toEqual(["Interview coach"]);
  const page = await (await get(first.headers.get("location") ?? "", bob)).text();
  expect(page).toContain("Try a call");
});

test("a call to try has an agent with a plan, and is one until somebody joins it", async () => {
  const dora = await web.signUp();
  expect(await (await get("/", dora)).text()).toContain("Try a call");
  const [first, second] = [
    await post("/sample", { what: "call" }, dora),
    await post("/sample", { what: "call" }, dora),
  ];
  const place = first.headers.get("location") ?? "";
  expect(place).toMatch(/^\/meetings\/[0-9a-f-]{36}\/call$/);
  expect(second.headers.get("location")).toBe(place);
  const meeting = await db.prisma.meeting.findFirstOrThrow({
    where: { conversation: { ownerId: dora.userId } },
    include: { agent: true },
  });
  expect([meeting.sessionName, meeting.agent?.name]).toEqual(["Who you are", "Interview coach"]);
  expect(await (await get(place, dora)).text()).toContain("Interview coach");
});

test("the settings take API keys along with the password where the box is ticked, as it comes", async () => {
  const carol = await web.signUp();
  await carol.apiKey();
  expect(await (await get("/settings", carol)).text()).toMatch(
    /<input type="checkbox"[^>]* name="revokeKeys"[^>]* checked/,
  );
  const form = { intent: "password", currentPassword: carol.password, newPassword: "password1", revokeKeys: "yes" };
  const refused = await post("/settings", form, carol);
  expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining("guessers try first")]);
  const keysLeft = () => db.prisma.apiKey.count({ where: { userId: carol.userId, revokedAt: null } });
  const { revokeKeys, ...unticked } = { ...form, newPassword: "another horse battery" };
  const kept = await post("/settings", unticked, carol);
  expect([kept.status, await keysLeft()]).toEqual([200, 1]);
  const renewed = { ...carol, cookie: cookieOf(kept) };
  const next = { ...form, currentPassword: "another horse battery", newPassword: "a third horse battery", revokeKeys };
  expect([(await post("/settings", next, renewed)).status, await keysLeft()]).toEqual([200, 0]);
});

test("who leaves a workspace is led home, and who removes another stays", async () => {
  const { workspaceId } = ada;
  await joinWorkspace({ inviter: ada, workspaceId }, bob);
  const remove = (userId: string, by: TestPerson) =>
    post(`/workspaces/${workspaceId}`, { intent: "remove", userId }, by);
  const left = await remove(bob.userId, bob);
  expect([left.status, left.headers.get("location")]).toEqual([302, "/"]);
  expect((await get(`/workspaces/${workspaceId}`, bob)).status).toBe(404);
  await joinWorkspace({ inviter: ada, workspaceId }, bob);
  expect((await remove(bob.userId, ada)).status).toBe(200);
  const unnamed = await post(`/workspaces/${workspaceId}`, { intent: "create", name: "  " }, ada);
  expect(unnamed.status).toBe(400);
});

test("the settings sign out one browser, and nobody else does", async () => {
  const elsewhere = cookieOf(await post("/sign-in", credentials(ada)));
  const { id } = await db.prisma.session.findFirstOrThrow({
    where: { userId: ada.userId },
    orderBy: { createdAt: "desc" },
  });
  const isIn = async () => (await get("/settings", undefined, elsewhere)).status === 200;
  await post("/settings", { intent: "endSession", id }, bob);
  expect(await isIn()).toBe(true);
  await post("/settings", { intent: "endSession", id }, ada);
  expect(await isIn()).toBe(false);
  expect((await get("/settings", ada)).status).toBe(200);
});

test("an invite that was revoked opens nothing, and only who manages a workspace sees and revokes them", async () => {
  const { workspaceId } = ada;
  const invite = async () => {
    const { token, id } = await createInvite(db.prisma, {
      actorId: ada.userId,
      workspaceId,
      role: "viewer",
      email: "eve@example.com",
    });
    return { token, id };
  };
  const { token, id } = await invite();
  await joinWorkspace({ inviter: ada, workspaceId }, bob);
  const path = `/workspaces/${workspaceId}`;
  const revoke = (inviteId: string, by: TestPerson) => post(path, { intent: "revokeInvite", inviteId }, by);
  expect(await (await get(path, bob)).text()).not.toContain("eve@example.com");
  expect(await (await get(path, ada)).text()).toContain("eve@example.com");
  expect((await revoke(id, bob)).status).toBe(403);
  expect((await get(`/invite/${token}`)).status).toBe(200);
  expect((await revoke(id, ada)).status).toBe(200);
  expect((await get(`/invite/${token}`)).status).toBe(404);
  expect((await post(`/invite/${token}`, {}, bob)).status).toBe(404);
  expect(await (await revoke(id, ada)).text()).toContain("It was used or revoked meanwhile.");
});

test("an invite link opens a server whose sign-up is closed, once", async () => {
  await using closed = await startWeb(db, { settings: { NODE_ENV: "production", SIGN_UP: "closed" } });
  const refused = await fetch(`${closed.url}/sign-up`);
  expect(await refused.text()).toContain("Sign-up is closed");
  const made = await post(`/workspaces/${ada.workspaceId}`, { intent: "invite", role: "viewer" }, ada);
  const token = /\/invite\/([\w-]+)/.exec(await made.text())?.[1] ?? "";
  const signUp = async (email: string) =>
    fetch(`${closed.url}/sign-up?next=${encodeURIComponent(`/invite/${token}`)}`, {
      method: "POST",
      redirect: "manual",
      headers: { origin: closed.url },
      body: new URLSearchParams({ name: "Carol", email, password: "correct horse battery" }),
    });
  const joined = await signUp("carol@example.com");
  expect([joined.status, joined.headers.get("location")]).toEqual([302, `/invite/${token}`]);
  const cookie = cookieOf(joined);
  const accepted = await fetch(`${closed.url}/invite/${token}`, {
    method: "POST",
    redirect: "manual",
    headers: { origin: closed.url, cookie },
  });
  expect(accepted.headers.get("location")).toBe(`/workspaces/${ada.workspaceId}`);
  expect((await signUp("dave@example.com")).status).toBe(403);
});
