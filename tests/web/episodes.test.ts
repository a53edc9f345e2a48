import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { channelTopic } from "#domain/live.ts";
import { addChannelRows } from "#tests/channels/channel-fixtures.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import type { TestPerson, TestWeb } from "./server.ts";
import { shareWeb } from "./shared-web.ts";

let db: TestDatabase;
let web: TestWeb;
shareWeb((made) => ({ db, web } = made));

/** A person with a channel that has one episode, which is held. */
async function withEpisode() {
  const ann = await web.signUp();
  const rows = await addChannelRows(db.prisma, { userId: ann.userId, workspaceId: ann.workspaceId });
  await web.deps.media.putText(`conversations/${rows.queued}/episode-1.mp3`, "sound");
  return { ann, channelId: rows.channel, id: rows.episode };
}

const asks = (person: TestPerson, id: string, ask: string) =>
  fetch(`${web.url}/api/episodes/${id}/${ask}`, { method: "POST", headers: person.headers });

test("an episode is published, withdrawn and published again, with the time of the first; the channel's feed tells it", async () => {
  const { ann, channelId, id } = await withEpisode();
  const published = (await (await asks(ann, id, "publish")).json()) as { publishedAt: string };
  expect(published).toMatchObject({ id, channelId, state: "published", published: true, reason: "" });
  expect(await (await asks(ann, id, "withdraw")).json()).toMatchObject({ state: "withdrawn", published: false });
  expect(await (await asks(ann, id, "publish")).json()).toEqual(published);
  const events = await db.prisma.liveEvent.findMany({
    where: { topic: channelTopic(channelId), type: "episode.changed" },
    orderBy: { seq: "asc" },
  });
  expect(events.map(({ data }) => data)).toMatchObject([
    { episodeId: id, channelId, state: "published", published: true },
    { state: "withdrawn", published: false },
    { state: "published" },
  ]);
  const noted = await db.prisma.auditEntry.findMany({ where: { subject: id }, orderBy: { id: "asc" } });
  expect(noted.map(({ action, actorId }) => [action, actorId === ann.userId])).toEqual([
    ["episode.publish", true],
    ["episode.withdraw", true],
    ["episode.publish", true],
  ]);
});

test("what an episode's state does not allow is a conflict that says why, also for two who ask at once", async () => {
  const { ann, id } = await withEpisode();
  expect(await (await asks(ann, id, "withdraw")).json()).toMatchObject({ status: 409, detail: "It is not published." });
  const both = await Promise.all([asks(ann, id, "publish"), asks(ann, id, "publish")]);
  expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
  expect((await asks(ann, id, "discard")).status).toBe(409);
  expect((await asks(ann, randomUUID(), "publish")).status).toBe(404);
});

test("a held episode is heard by whoever may see its channel, and by nobody else", async () => {
  const [{ ann, id }, eve] = [await withEpisode(), await web.signUp()];
  const heard = await fetch(`${web.url}/api/episodes/${id}/audio`, { headers: { ...ann.headers, range: "bytes=1-3" } });
  expect([heard.status, heard.headers.get("content-type"), await heard.text()]).toEqual([206, "audio/mpeg", "oun"]);
  const strange = await fetch(`${web.url}/api/episodes/${id}/audio`, { headers: eve.headers });
  expect(strange.status).toBe(404);
});

test("a person words an episode, which is kept and noted without its words; what is no title is refused", async () => {
  const { ann, id } = await withEpisode();
  const eve = await web.signUp();
  const edit = (person: TestPerson, body: object) =>
    fetch(`${web.url}/api/episodes/${id}`, {
      method: "PATCH",
      headers: { ...person.headers, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  expect(await (await edit(ann, { title: "My own" })).json()).toMatchObject({ id, title: "My own", state: "held" });
  expect(await (await edit(ann, { description: "And more." })).json()).toMatchObject({
    title: "My own",
    description: "And more.",
  });
  for (const body of [{}, { title: "" }, { title: 5 }, { description: "x".repeat(10_001) }]) {
    expect((await edit(ann, body)).status).toBe(400);
  }
  expect((await edit(eve, { title: "Hers" })).status).toBe(404);
  const row = await db.prisma.episode.findUniqueOrThrow({ where: { id } });
  expect(row).toMatchObject({ title: "My own", editedAt: expect.any(Date) as unknown });
  const noted = await db.prisma.auditEntry.findMany({ where: { subject: id } });
  expect(noted.map(({ action, details }) => [action, details])).toEqual([
    ["episode.edit", {}],
    ["episode.edit", {}],
  ]);
});
