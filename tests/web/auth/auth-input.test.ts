import { expect, test } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";
import { post } from "../requests.ts";
import { startWeb } from "../server.ts";

const signUp = { email: "ada@example.com", password: "correct horse battery", name: "Ada" };

test("better-auth's sign-up and update-user clean a name as the pages do, and refuse what is none", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const nobody = { headers: { cookie: "", origin: web.url } };
  const join = async (name: unknown) =>
    (await post(web, nobody, "/api/auth/sign-up/email", { json: { ...signUp, name } })).status;
  expect([await join(" \u0000 "), await join("x".repeat(101)), await join(7), await join(undefined)]).toEqual(
    Array(4).fill(400),
  );
  expect(await join("  Ada\u0000\r\nLovelace\ud800 ")).toBe(200);
  const ada = await db.prisma.user.findUniqueOrThrow({ where: { email: signUp.email } });
  expect(ada.name).toBe("Ada Lovelace\ufffd");

  const bob = await web.signUp();
  const update = async (json: object) => (await post(web, bob, "/api/auth/update-user", { json })).status;
  for (const name of ["", "\u0007", "x".repeat(101), 7, {}])
    expect([name, await update({ name })]).toEqual([name, 400]);
  expect(await update({ name: "\tBob\u001b " })).toBe(200);
  expect(await db.prisma.user.findUniqueOrThrow({ where: { id: bob.userId } })).toMatchObject({ name: "Bob" });
});

test("a picture is an https address or none", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const ada = await web.signUp();
  const update = async (image: unknown) => (await post(web, ada, "/api/auth/update-user", { json: { image } })).status;
  const foreign = ["http://example.com/a.png", "javascript:alert(1)", "data:image/png;base64,AA", "", "a.png", 7, {}];
  for (const image of [...foreign, `https://example.com/${"x".repeat(2_000)}`]) {
    expect([image, await update(image)]).toEqual([image, 400]);
  }
  expect(await update("https://example.com/a\u0000\ud800.png")).toBe(400);
  expect(await update("https://example.com/a.png")).toBe(200);
  expect(await update(null)).toBe(200);
  expect((await db.prisma.user.findUniqueOrThrow({ where: { id: ada.userId } })).image).toBe(null);
  const json = { ...signUp, image: "javascript:alert(1)" };
  expect((await post(web, ada, "/api/auth/sign-up/email", { json })).status).toBe(400);
});

test("control characters in a mail address are 400 at sign-up and at sign-in", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const nobody = { headers: { cookie: "", origin: web.url } };
  for (const mark of ["\u0000", "\n", "\u007f", "\u0085", "\ud800"]) {
    const json = { ...signUp, email: `ada${mark}@example.com` };
    const answers = [
      await post(web, nobody, "/api/auth/sign-up/email", { json }),
      await post(web, nobody, "/api/auth/sign-in/email", { json }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([400, 400]);
  }
});

test("none of better-auth's routes fails on text that the database cannot keep, or on fields of another kind", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const ada = await web.signUp();
  const routes = Object.values(web.deps.auth.api).filter(({ path }) => path !== undefined);
  expect(routes.length).toBeGreaterThan(25);
  const fields = [
    "email",
    "newEmail",
    "name",
    "image",
    "token",
    "password",
    "newPassword",
    "currentPassword",
    "id",
  ].concat([
    "providerId",
    "accountId",
    "provider",
    "userId",
    "callbackURL",
    "redirectTo",
    "state",
    "code",
    "rememberMe",
    "role",
  ]);
  for (const { path, options } of routes) {
    const place = `/api/auth${path?.replaceAll(/:\w+/g, "a%00b")}`;
    for (const value of [
      "a\u0000b",
      "\ud800",
      "",
      null,
      7,
      ["x"],
      { a: "\u0000" },
      "http://",
      "/\u00e9",
      "//x",
      "https://[",
      "/",
    ]) {
      const json = Object.fromEntries(fields.map((field) => [field, value]));
      const isGet = [options.method].flat().includes("GET");
      const query = isGet
        ? `?${new URLSearchParams(fields.map((field) => [field, typeof value === "string" ? value : JSON.stringify(value)]))}`
        : "";
      const answer = await fetch(`${web.url}${place}${query}`, {
        method: isGet ? "GET" : "POST",
        redirect: "manual",
        headers: { ...ada.headers, "content-type": "application/json" },
        ...(isGet ? {} : { body: JSON.stringify(json) }),
      });
      expect([place, value, answer.status < 500 || answer.status]).toEqual([place, value, true]);
      await answer.arrayBuffer();
    }
  }
});

test("better-auth leads no browser to another site", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const to = async (path: string) => {
    const query = new URLSearchParams({ token: "none", callbackURL: path });
    return fetch(`${web.url}/api/auth/verify-email?${query}`, { redirect: "manual" });
  };
  for (const path of ["https://evil.example/", "//evil.example", "/\\evil.example"]) {
    expect([path, (await to(path)).status]).toEqual([path, 400]);
  }
  expect((await to("/settings")).headers.get("location")).toMatch(/^\/settings\?/);
});
