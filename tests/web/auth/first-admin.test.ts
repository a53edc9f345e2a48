import { expect, test } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";
import { post } from "../requests.ts";
import { startWeb } from "../server.ts";

const admin = { email: "Admin@example.com", password: "correct horse battery staple" };
const nobody = { headers: { cookie: "", origin: "" } };

test("web processes that start at once on a new database make one first administrator, who can sign in", async () => {
  await using db = await testDatabase();
  await using one = await startWeb(db);
  await using other = await startWeb(db);
  const webs = [one, other, one, other];
  const made = await Promise.all(webs.map(({ deps }) => deps.auth.createFirstAdmin(admin)));
  expect(made.filter(Boolean)).toHaveLength(1);
  expect(
    await db.prisma.user.findMany({ select: { email: true, role: true, personal: { select: { name: true } } } }),
  ).toEqual([{ email: "admin@example.com", role: "admin", personal: { name: "Personal" } }]);
  const signIn = await post(other, { headers: { ...nobody.headers, origin: other.url } }, "/api/auth/sign-in/email", {
    json: admin,
  });
  expect(signIn.status).toBe(200);
  expect(await one.deps.auth.createFirstAdmin({ ...admin, email: "next@example.com" })).toBe(false);
});

test("a first administrator whose making is cut short is made whole by the next start", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  await db.prisma.$executeRawUnsafe("ALTER TABLE account RENAME TO away");
  await expect(web.deps.auth.createFirstAdmin(admin)).rejects.toThrow("account");
  await db.prisma.$executeRawUnsafe("ALTER TABLE away RENAME TO account");
  expect(await db.prisma.user.count()).toBe(0);
  expect(await web.deps.auth.createFirstAdmin(admin)).toBe(true);
});
