import { parseRssFeed } from "feedsmith";
import { expect, test } from "vitest";
import { addChannelRows } from "#tests/channels/channel-fixtures.ts";
import { jpeg, png } from "#tests/channels/pictures.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import { post } from "./requests.ts";
import type { TestPerson, TestWeb } from "./server.ts";
import { shareWeb } from "./shared-web.ts";

let db: TestDatabase;
let web: TestWeb;
shareWeb((made) => ({ db, web } = made));

const source = "https://podcast.example.com/own.jpg";

async function withChannel() {
  const ann = await web.signUp();
  const { channel: id } = await addChannelRows(db.prisma, { userId: ann.userId, workspaceId: ann.workspaceId });
  await db.prisma.channel.update({ where: { id }, data: { imageUrl: source } });
  const { feedUrl } = await ann.json<{ feedUrl: string }>(`/api/channels/${id}`);
  return { ann, id, feedUrl };
}

function give(person: TestPerson, id: string, bytes: Buffer, name = "cover.png") {
  const body = new FormData();
  body.set("file", new Blob([new Uint8Array(bytes)]), name);
  return post(web, person, `/api/channels/${id}/cover`, { body });
}

const pictureIn = async (feedUrl: string) => parseRssFeed(await (await fetch(feedUrl)).text()).itunes?.image ?? "";

test("a cover is in the feed in place of the source's picture, at an address that changes with it, and goes again", async () => {
  const { ann, id, feedUrl } = await withChannel();
  expect(await pictureIn(feedUrl)).toBe(source);
  const picture = png(1400);
  const given = await give(ann, id, picture, "our cover.png");
  expect([given.status, given.body]).toMatchObject([
    201,
    { fileName: "our cover.png", width: 1400, bytes: picture.length, mediaType: "image/png" },
  ]);
  const address = await pictureIn(feedUrl);
  expect(address).toMatch(/\/podcasts\/[\w-]+\/cover-[0-9a-f]{16}\.png$/);
  const answer = await fetch(address);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    "content-type": "image/png",
    "cache-control": "public, max-age=86400",
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
    "x-content-type-options": "nosniff",
  });
  expect(Buffer.from(await answer.arrayBuffer()).equals(picture)).toBe(true);
  const again = { "if-none-match": answer.headers.get("etag") ?? "" };
  expect((await fetch(address, { headers: again })).status).toBe(304);
  expect((await fetch(address, { method: "HEAD" })).headers.get("content-length")).toBe(String(picture.length));
  expect((await fetch(address, { method: "POST" })).status).toBe(405);
  const own = await fetch(`${web.url}/api/channels/${id}/cover`, { headers: ann.headers });
  expect([own.status, own.headers.get("content-type")]).toEqual([200, "image/png"]);

  expect((await give(ann, id, jpeg(3000), "new.jpg")).status).toBe(201);
  const next = await pictureIn(feedUrl);
  expect(next).toMatch(/\.jpg$/);
  expect((await fetch(next)).status).toBe(200);
  // Apps that have not read the feed since ask for the one before: they get the present one.
  const late = await fetch(address, { headers: again });
  expect([late.status, late.headers.get("content-type"), late.headers.get("cache-control")]).toEqual([
    200,
    "image/jpeg",
    "public, max-age=3600",
  ]);
  const removed = await fetch(`${web.url}/api/channels/${id}/cover`, { method: "DELETE", headers: ann.headers });
  expect([removed.status, await pictureIn(feedUrl)]).toEqual([204, source]);
  expect([(await fetch(next)).status, (await fetch(address)).status]).toEqual([404, 404]);
});

test("a picture that directories refuse is refused here, with its name and what is wrong", async () => {
  const { ann, id, feedUrl } = await withChannel();
  const webp = Buffer.from("RIFF\x24\0\0\0WEBPVP8 ", "latin1");
  const svg = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="1400" height="1400"/>`);
  const spoilt = png(1400);
  spoilt[60] = (spoilt[60] ?? 0) ^ 1;
  // One that is searched for its header byte by byte.
  const endless = Buffer.concat([jpeg(1400).subarray(0, 20), Buffer.alloc(500_000, 0x20)]);
  for (const [bytes, status, code, words] of [
    [png(1400, 1500), 422, "not_square", "“x” has 1400 × 1500 pixels. A podcast's cover has to be square."],
    [png(1399), 422, "wrong_size", "“x” has 1399 × 1399 pixels. Directories want from 1400 × 1400 to 3000 × 3000."],
    [jpeg(3001), 422, "wrong_size", "“x” has 3001 × 3001"],
    [png(1400).subarray(0, 18), 422, "damaged_media", "“x” is damaged"],
    [jpeg(1400).subarray(0, 20), 422, "damaged_media", "“x” is damaged"],
    [png(1400).subarray(0, -20), 422, "damaged_media", "“x” is damaged: it breaks off before its end"],
    [spoilt, 422, "damaged_media", "“x” is damaged: it breaks off before its end"],
    [jpeg(1400).subarray(0, -2), 422, "damaged_media", "“x” is damaged: it breaks off before its end"],
    [jpeg(1400).subarray(0, -12), 422, "damaged_media", "“x” is damaged: it breaks off before its end"],
    [endless, 422, "damaged_media", "“x” is damaged"],
    [webp, 422, "not_a_picture", "Choose a JPEG or PNG file"],
    [svg, 422, "not_a_picture", "Choose a JPEG or PNG file"],
    [Buffer.from("hello"), 422, "not_a_picture", "“x”"],
    [Buffer.alloc(0), 400, "empty_file", "empty"],
    [Buffer.concat([png(1400), Buffer.alloc(512 * 1024)]), 413, "too_large", "larger than the 512 kB"],
  ] as const) {
    const { status: got, body } = await give(ann, id, bytes, "x");
    expect([got, body]).toMatchObject([status, { code, detail: expect.stringContaining(words) }]);
  }
  expect(await pictureIn(feedUrl)).toBe(source);
  expect(await db.prisma.channelFile.count({ where: { channelId: id } })).toBe(0);
});

test("a private podcast's cover is at its listeners' own addresses alone, which caches do not share", async () => {
  const { ann, id, feedUrl } = await withChannel();
  expect((await give(ann, id, png(1400))).status).toBe(201);
  const open = await pictureIn(feedUrl);
  const { feedUrl: mine } = await ann.json<{ feedUrl: string }>(`/api/channels/${id}/listeners`, {
    method: "POST",
    body: { name: "Bo" },
  });
  await ann.json(`/api/channels/${id}`, { method: "PATCH", body: { visibility: "private" } });
  expect((await fetch(open)).status).toBe(404);
  const address = await pictureIn(mine);
  expect(address.startsWith(mine.replace("feed.xml", "cover-"))).toBe(true);
  const answer = await fetch(address);
  expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "private, max-age=86400"]);
  await db.prisma.podcastListener.deleteMany({ where: { channelId: id } });
  expect((await fetch(address)).status).toBe(404);
});
