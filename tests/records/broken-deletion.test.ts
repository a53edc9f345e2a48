import { expect, test } from "vitest";
import { requestAccountDeletion } from "#records/accounts/delete-account.ts";
import { createWorkspace } from "#records/accounts/workspaces.ts";
import type { PrismaClient } from "#records/db.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { carryOut, fill, join, orders } from "./account-to-delete.ts";
import { addPerson, addRecording } from "./people.ts";

/** A client whose transaction of this number fails, before it begins or after its commit; `hasFailed` tells whether there was one. */
function failingAt(prisma: PrismaClient, number: number, isAfter: boolean) {
  let begun = 0;
  const broken = new Proxy(prisma, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property);
      if (property !== "$transaction" || typeof value !== "function") return value;
      return async (...given: unknown[]) => {
        begun += 1;
        const fails = begun === number;
        if (fails && !isAfter) throw new Error("Killed");
        const result: unknown = await Reflect.apply(value, target, given);
        if (fails) throw new Error("Killed");
        return result;
      };
    },
  });
  return { broken, hasFailed: () => begun >= number };
}

test.each([false, true])(
  "broken off at any transaction, after its commit: %s, and done by two at once, it ends as if it had not been",
  async (isAfter) => {
    await using db = await testDatabase();
    const { prisma } = db;
    const [ann, ben] = [await addPerson(prisma), await addPerson(prisma)];
    const hers = await fill(prisma, ann);
    const shared = await createWorkspace(prisma, { userId: ann.userId, name: "Shared" });
    await join(prisma, shared.id, ben, "member", 1);
    const kept = await addRecording(prisma, { userId: ann.userId, workspaceId: shared.id });
    await requestAccountDeletion(prisma, ann);
    let failures = 0;
    // Each delivery gets a little further than the one before it.
    for (let number = 1; number < 100; number++) {
      const { broken, hasFailed } = failingAt(prisma, number, isAfter);
      const end = await carryOut(broken, ann.userId).catch((error: Error) => error.message);
      if (hasFailed()) failures += 1;
      if (end === "done") break;
      expect(end).toBe("Killed");
    }
    expect(failures).toBeGreaterThan(5);
    await Promise.all([carryOut(prisma, ann.userId), carryOut(prisma, ann.userId)]);
    expect(await prisma.user.findMany({ select: { id: true } })).toEqual([{ id: ben.userId }]);
    expect(await prisma.conversation.findMany({ select: { id: true, ownerId: true } })).toEqual([
      { id: kept.id, ownerId: null },
    ]);
    const gone = (await orders(prisma, "conversation.deleted")) as { conversationId: string }[];
    expect(gone.map(({ conversationId }) => conversationId).toSorted()).toEqual(
      [hers.recording, hers.meeting, hers.video].toSorted(),
    );
    expect(await orders(prisma, "bot.erase")).toHaveLength(1);
    expect(await orders(prisma, "channel.deleted")).toHaveLength(1);
    const owner = await prisma.membership.findFirstOrThrow({ where: { workspaceId: shared.id } });
    expect(owner).toMatchObject({ userId: ben.userId, role: "owner" });
  },
);

test("deliveries at once leave nothing out, and come to the same end", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const ann = await addPerson(prisma);
  const made: string[] = [];
  for (let count = 0; count < 30; count++) made.push((await addRecording(prisma, ann)).id);
  await requestAccountDeletion(prisma, ann);
  const ends = await Promise.allSettled([1, 2, 3].map(() => carryOut(prisma, ann.userId)));
  expect(ends.some(({ status }) => status === "fulfilled")).toBe(true);
  expect(await carryOut(prisma, ann.userId)).toBe("done");
  expect(await prisma.user.count()).toBe(0);
  const gone = (await orders(prisma, "conversation.deleted")) as { conversationId: string }[];
  expect(new Set(gone.map(({ conversationId }) => conversationId))).toEqual(new Set(made));
});
