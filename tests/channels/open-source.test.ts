import { afterAll, beforeAll, expect, test } from "vitest";
import { openSource } from "#records/channels/open-source.ts";
import { closeSource, closing, noteOpen } from "#records/channels/source-gate.ts";
import { addPerson } from "#tests/records/people.ts";
import { testDatabase } from "#tests/setup/database.ts";
import type { TestPerson } from "#tests/web/server.ts";
import { checked, jobsBecome } from "./system.ts";
import type { ChannelAnswer } from "./system.ts";
import { startYoutubeByKey } from "./youtube-system.ts";

let system: Awaited<ReturnType<typeof startYoutubeByKey>>;
let administrator: TestPerson;
beforeAll(async () => {
  system = await startYoutubeByKey();
  administrator = system.owner;
});
afterAll(() => system[Symbol.asyncDispose]());

const open = async ({ headers }: TestPerson) =>
  (await fetch(`${system.web.url}/api/sources/youtube/open`, { method: "POST", headers })).status;

test("jobs that wait for YouTube go on at once, in order, when an administrator has it tried again, and nobody else can", async () => {
  const { prisma } = system.db;
  const ann = await system.web.signUp();
  const body = { source: "youtube", url: "@MorningTalks", rights: true };
  const added = await ann.json<ChannelAnswer>("/api/channels", { method: "POST", body });
  await checked(ann, added.id);

  const closedUntil = new Date(Date.now() + 3_600_000);
  await prisma.sourceGate.upsert({
    where: { source: "youtube" },
    create: { source: "youtube", blockedUntil: closedUntil, blocks: 2, reason: "Not now." },
    update: { blockedUntil: closedUntil, blocks: 2, reason: "Not now." },
  });
  const titles = ["First", "Second", "Third"];
  for (const [index, title] of titles.entries()) {
    const video = { id: `talk-00000${index}`, title, live: "none" as const, publishedAt: new Date() };
    system.youtube.state.channel.videos.unshift(video);
    await ann.json(`/api/channels/${added.id}/check`, { method: "POST" });
    await checked(ann, added.id);
  }
  const runs = () =>
    prisma.run.findMany({ where: { channelId: added.id }, include: { stages: true }, orderBy: { id: "asc" } });
  const messages = async () => (await runs()).map(({ message }) => message);
  const waits = expect.stringMatching(/^Not now\. It goes on at /) as string;
  await expect.poll(messages, { timeout: 30_000 }).toEqual([waits, waits, waits]);

  expect(await open(ann)).toBe(403);
  expect(await closing(prisma, "youtube")).not.toBeNull();
  expect(await open(administrator)).toBe(202);
  // What was wanted is so already.
  expect(await open(administrator)).toBe(409);
  // A worker that is killed before it has told them all is followed by one that tells them anew.
  const order = () => prisma.outbox.findFirstOrThrow({ where: { kind: "source.opened" } });
  await expect.poll(async () => (await order()).state).toBe("done");
  await prisma.outbox.update({ where: { id: (await order()).id }, data: { state: "new" } });
  await jobsBecome(ann, added.id, { Third: "completed", Second: "completed", First: "completed" }, 90_000);

  const fetched = (await runs()).map(({ stages }) => {
    const { tries = 0, finishedAt = null } = stages.find(({ stage }) => stage === "downloading") ?? {};
    return { tries, at: finishedAt?.getTime() ?? 0 };
  });
  expect(fetched.map(({ tries }) => tries)).toEqual([1, 1, 1]);
  const ends = fetched.map(({ at }) => at);
  expect(ends).toEqual(ends.toSorted((one, other) => one - other));
  expect(await prisma.auditEntry.findMany({ where: { action: "source.open" } })).toMatchObject([
    { actorId: administrator.userId, subject: "youtube" },
  ]);
});

test("a source that refuses again is closed for twice as long as before, however often it is tried", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const { userId: actorId } = await addPerson(prisma);
  const ask = { source: "youtube", actorId } as const;
  expect(await openSource(prisma, ask)).toBe(false);
  const minutes: number[] = [];
  for (let time = 0; time < 6; time += 1) {
    await closeSource(prisma, "youtube", { reason: "Refused.", askedMs: 0 });
    const { closedUntil } = (await closing(prisma, "youtube")) ?? { closedUntil: new Date(0) };
    minutes.push(Math.round((closedUntil.getTime() - Date.now()) / 60_000));
    // Pressed by three at once it is tried once.
    const opened = await Promise.all([1, 2, 3].map(() => openSource(prisma, ask)));
    expect(opened.filter(Boolean)).toHaveLength(1);
    expect(await closing(prisma, "youtube")).toBeNull();
  }
  expect(minutes).toEqual([30, 60, 120, 240, 480, 480]);
  expect(await prisma.outbox.count({ where: { kind: "source.opened" } })).toBe(6);
  await noteOpen(prisma, "youtube");
  expect(await prisma.sourceGate.findUniqueOrThrow({ where: { source: "youtube" } })).toMatchObject({ blocks: 0 });
});
