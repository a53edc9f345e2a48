import { parseRssFeed } from "feedsmith";
import { expect, test } from "vitest";
import { changeEpisode } from "#records/channels/episodes.ts";
import { addChannelRows } from "#tests/channels/channel-fixtures.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import type { TestWeb } from "./server.ts";
import { shareWeb } from "./shared-web.ts";

let db: TestDatabase;
let web: TestWeb;
shareWeb((made) => ({ db, web } = made));

interface Listener {
  id: string;
  name: string;
  feedUrl: string;
  lastUsedAt: string | null;
}

/** A channel with an episode that is out, and what its owner does about its listeners. */
async function podcast() {
  const ann = await web.signUp();
  const rows = await addChannelRows(db.prisma, { userId: ann.userId, workspaceId: ann.workspaceId });
  await web.deps.media.putText(`conversations/${rows.queued}/episode-1.mp3`, "sound");
  await changeEpisode(db.prisma, { userId: ann.userId, id: rows.episode }, "publish");
  const path = `/api/channels/${rows.channel}`;
  const { feedUrl } = await ann.json<{ feedUrl: string }>(path);
  return {
    ...rows,
    feedUrl,
    make: (name: string) => ann.json<Listener>(`${path}/listeners`, { method: "POST", body: { name } }),
    list: async () => (await ann.json<{ items: Listener[] }>(`${path}/listeners`)).items,
    change: (body: object) => ann.json(path, { method: "PATCH", body }),
    revoke: (id: string) => fetch(`${web.url}${path}/listeners/${id}`, { method: "DELETE", headers: ann.headers }),
  };
}

test("a listener's own address gives the podcast with addresses of its own, until it is revoked", async () => {
  const { episode, feedUrl, make, list, revoke } = await podcast();
  const [cy, di] = [await make("Cy"), await make("Di")];
  const listed = await list();
  expect(listed).toMatchObject(["Bo", "Cy", "Di"].map((name) => ({ name, lastUsedAt: null })));
  const token = cy.feedUrl.split("/").at(-2) ?? "";
  expect(JSON.stringify([listed, await db.prisma.podcastListener.findMany()])).not.toContain(token);

  const [own, open] = [await fetch(cy.feedUrl), await fetch(feedUrl)];
  expect([own, open].map(({ headers }) => headers.get("cache-control"))).toEqual([
    "private, max-age=300",
    "public, max-age=300",
  ]);
  const [text, openText] = [await own.text(), await open.text()];
  expect([text, openText].map((each) => each.includes("<itunes:block>yes</itunes:block>"))).toEqual([true, false]);
  // The podcast's own address would be another way in, once this one is revoked.
  expect(text).not.toContain(feedUrl.replace("feed.xml", ""));
  const folder = cy.feedUrl.replace("feed.xml", "");
  const [item] = parseRssFeed(text).items ?? [];
  const audio = item?.enclosures?.[0]?.url ?? "";
  expect(audio).toBe(`${folder}${episode}-1.mp3`);
  expect(item?.podcast?.transcripts?.map(({ url }) => url)).toContain(`${folder}${episode}-1.vtt`);
  const heard = await fetch(audio, { headers: { range: "bytes=0-1" } });
  expect([heard.status, await heard.text()]).toEqual([206, "so"]);
  expect(heard.headers.get("cache-control")).toBe("private, max-age=3600");
  expect(await list()).toMatchObject([{ lastUsedAt: null }, { lastUsedAt: expect.any(String) }, { lastUsedAt: null }]);

  expect((await revoke(cy.id)).status).toBe(204);
  for (const url of [cy.feedUrl, audio, `${folder}${episode}-1.vtt`]) expect((await fetch(url)).status).toBe(404);
  for (const url of [di.feedUrl, feedUrl]) expect((await fetch(url)).status).toBe(200);
  for (const id of [cy.id, "nobody", "%00"]) expect((await revoke(id)).status).toBe(404);
});

test("a private podcast answers its listeners alone, and everybody again once it is public", async () => {
  const { episode, feedUrl, make, change } = await podcast();
  const cy = await make("Cy");
  const sound = (url: string) => url.replace("feed.xml", `${episode}-1.mp3`);
  const answers = async () => {
    const all = [feedUrl, sound(feedUrl), cy.feedUrl, sound(cy.feedUrl)];
    return Promise.all(all.map(async (url) => (await fetch(url)).status));
  };
  expect(await answers()).toEqual([200, 200, 200, 200]);
  await change({ visibility: "private" });
  expect(await answers()).toEqual([404, 404, 200, 200]);
  await change({ visibility: "public" });
  expect(await answers()).toEqual([200, 200, 200, 200]);
});

test("a listener of one podcast hears no other, and belongs to no other channel", async () => {
  const [one, other] = [await podcast(), await podcast()];
  const cy = await one.make("Cy");
  expect((await fetch(cy.feedUrl.replace("feed.xml", `${other.episode}-1.mp3`))).status).toBe(404);
  expect((await other.revoke(cy.id)).status).toBe(404);
  expect((await fetch(cy.feedUrl)).status).toBe(200);
});
