import { expect, test } from "vitest";
import { findBackfill, keepPage } from "#records/channels/backfills.ts";
import { changeEpisode, episodeOf } from "#records/channels/episodes.ts";
import { tombstonesOf } from "#records/channels/tombstones.ts";
import { addChannelRows, itemOf } from "#tests/channels/channel-fixtures.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { addPerson } from "./people.ts";

test("what a page of older items tells to be deleted is withdrawn, and put in line by no backfill", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const person = await addPerson(prisma);
  const rows = await addChannelRows(prisma, person);
  await prisma.channel.update({ where: { id: rows.channel }, data: { withdrawsDeleted: true } });
  await changeEpisode(prisma, { userId: person.userId, id: rows.episode }, "publish");
  const { externalId } = await prisma.video.findUniqueOrThrow({ where: { id: rows.queued } });
  const listed = itemOf("Listed and deleted");
  const page = { items: [listed], nextUrl: "https://podcast.example.com/2", deleted: [externalId, listed.externalId] };
  const backfill = await findBackfill(prisma, rows.backfill);
  await keepPage(prisma, backfill!, page);
  expect(await episodeOf(prisma, person.userId, rows.episode)).toMatchObject({ state: "withdrawn" });
  const video = await prisma.video.findFirstOrThrow({ where: { externalId: listed.externalId } });
  expect(video).toMatchObject({ state: "gone" });
});

test("a feed that is deeper than any costs no more than its length", () => {
  const found = '<feed><at:deleted-entry ref="a"/>';
  const began = performance.now();
  expect(tombstonesOf(`${found}${"<b>".repeat(100_000)}${"</x>".repeat(300_000)}`)).toEqual(["a"]);
  expect(tombstonesOf(`${found}${"<b>".repeat(100)}${"</b>".repeat(100)}<at:deleted-entry ref="b"/></feed>`)).toEqual([
    "a",
    "b",
  ]);
  expect(performance.now() - began).toBeLessThan(2_000);
});
