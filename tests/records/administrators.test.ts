import { expect, test } from "vitest";
import { userTopic } from "#domain/live.ts";
import { changeRole } from "#records/accounts/administrators.ts";
import { requestAccountDeletion } from "#records/accounts/delete-account.ts";
import type { PrismaClient } from "#records/db.ts";
import { newId } from "#records/ids.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { addPerson } from "./people.ts";

async function addAdministrator(prisma: PrismaClient) {
  const person = await addPerson(prisma);
  await prisma.user.update({ where: { id: person.userId }, data: { role: "admin" } });
  return person.userId;
}

const administrators = async (prisma: PrismaClient) =>
  (await prisma.user.findMany({ where: { role: "admin" } })).map(({ id }) => id);
const only = { ok: false, reason: "conflict", message: expect.stringMatching(/only administrator/) };

test("an administrator makes another one and takes that back: noted in the audit, told to whom it concerns", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const ann = await addAdministrator(prisma);
  const { userId: ben } = await addPerson(prisma);
  const make = { actorId: ann, userId: ben, role: "admin" } as const;
  expect(await changeRole(prisma, make)).toEqual({ ok: true, isNew: true });
  expect(await changeRole(prisma, make)).toEqual({ ok: true, isNew: false });
  // Whoever is one can take it back, from who gave it too.
  expect(await changeRole(prisma, { actorId: ben, userId: ann, role: "user" })).toEqual({ ok: true, isNew: true });
  expect(await administrators(prisma)).toEqual([ben]);

  const noted = await prisma.auditEntry.findMany({ where: { action: "account.role" }, orderBy: { id: "asc" } });
  expect(noted.map(({ actorId, subject, details }) => [actorId, subject, details])).toEqual([
    [ann, ben, { role: "admin" }],
    [ben, ann, { role: "user" }],
  ]);
  const told = await prisma.liveEvent.findMany({ where: { type: "role.changed" }, orderBy: { at: "asc" } });
  expect(told.map(({ topic, data }) => [topic, data])).toEqual([
    [userTopic(ben), { role: "admin" }],
    [userTopic(ann), { role: "user" }],
  ]);
});

test("who is no administrator changes nothing, for themselves neither, and nobody who is not there becomes one", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const ann = await addAdministrator(prisma);
  const { userId: ben } = await addPerson(prisma);
  for (const [userId, role] of [
    [ben, "admin"],
    [ann, "user"],
    [ben, "user"],
    [newId(), "admin"],
  ] as const) {
    expect(await changeRole(prisma, { actorId: ben, userId, role })).toEqual({ ok: false, reason: "forbidden" });
  }
  const unknown = await changeRole(prisma, { actorId: ann, userId: newId(), role: "admin" });
  expect(unknown).toEqual({ ok: false, reason: "not_found" });
  expect(await administrators(prisma)).toEqual([ann]);
  expect(await prisma.auditEntry.count()).toBe(0);
});

test("the only administrator stays one, whoever else has an account or cannot sign in to theirs", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const ann = await addAdministrator(prisma);
  const leave = { actorId: ann, userId: ann, role: "user" } as const;
  expect(await changeRole(prisma, leave)).toEqual(only);
  // Made so by hand: a sign-up that nobody has opened yet.
  const ben = await addAdministrator(prisma);
  await prisma.user.update({ where: { id: ben }, data: { pending: true } });
  expect(await changeRole(prisma, leave)).toEqual(only);
  await prisma.user.update({ where: { id: ben }, data: { pending: false } });
  expect(await changeRole(prisma, leave)).toEqual({ ok: true, isNew: true });
});

test("an account that is being deleted, or is not open yet, is not made administrator", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const ann = await addAdministrator(prisma);
  const [leaving, waiting] = [await addPerson(prisma), await addPerson(prisma)];
  await requestAccountDeletion(prisma, leaving);
  await prisma.user.update({ where: { id: waiting.userId }, data: { pending: true } });
  const make = ({ userId }: { userId: string }) => changeRole(prisma, { actorId: ann, userId, role: "admin" });
  expect(await make(leaving)).toMatchObject({ reason: "conflict", message: expect.stringContaining("being deleted") });
  expect(await make(waiting)).toMatchObject({ reason: "conflict", message: expect.stringContaining("not open yet") });
  expect(await administrators(prisma)).toEqual([ann]);
});

// Twenty times, since one try may miss the moment.
const tries = Array.from({ length: 20 }, (_, index) => index);

test("of administrators who cease at the same moment one stays: by themselves, by each other, by deletion", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const people = await Promise.all([addAdministrator(prisma), addAdministrator(prisma), addAdministrator(prisma)]);
  const [ann, ben, cleo] = people;
  const takeBack = (actorId: string, userId: string) => changeRole(prisma, { actorId, userId, role: "user" });
  for (const _ of tries) {
    await prisma.user.updateMany({ data: { role: "admin" } });
    const answers = await Promise.all([takeBack(ann, ann), takeBack(ben, ben), takeBack(cleo, cleo)]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(2);
    expect(answers).toContainEqual(only);
    expect(await administrators(prisma)).toHaveLength(1);
  }
  for (const _ of tries) {
    await prisma.user.updateMany({ data: { role: "admin" } });
    const answers = await Promise.all([takeBack(ann, ben), takeBack(ben, cleo), takeBack(cleo, ann)]);
    // Who was not one any more when it came to them was refused.
    expect(answers.filter((answer) => !answer.ok && answer.reason === "forbidden").length).toBeGreaterThan(0);
    expect((await administrators(prisma)).length).toBeGreaterThan(0);
  }
  await prisma.user.updateMany({ data: { role: "admin" } });
  await Promise.all([takeBack(ann, ann), takeBack(ben, ben), requestAccountDeletion(prisma, { userId: cleo })]);
  expect(await administrators(prisma)).toHaveLength(1);
});
