import { expect, test } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";
import { startWeb } from "./server.ts";

test("the first account becomes administrator, the second does not; each has a workspace of its own", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const first = await web.signUp();
  const second = await web.signUp();
  const users = await db.prisma.user.findMany({ select: { id: true, role: true, personal: { select: { id: true } } } });
  const byId = new Map(users.map((user) => [user.id, user]));
  expect(byId.get(first.userId)).toMatchObject({ role: "admin", personal: { id: first.workspaceId } });
  expect(byId.get(second.userId)).toMatchObject({ role: "user", personal: { id: second.workspaceId } });
});
