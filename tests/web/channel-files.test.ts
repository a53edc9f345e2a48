import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { takeChannelFiles } from "#activities/channels/take-files.ts";
import { keepChannelFile } from "#records/channels/files.ts";
import { storedBytes } from "#records/accounts/storage-quota.ts";
import { newId } from "#records/ids.ts";
import { channelFileKey } from "#records/media/media-store.ts";
import { outboxMetrics } from "#records/queues/inbox-lists.ts";
import { addUploadChannel } from "#tests/channels/channel-fixtures.ts";
import { tone } from "#tests/channels/tones.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import { joinWorkspace } from "./join-workspace.ts";
import { post } from "./requests.ts";
import { startWeb } from "./server.ts";
import type { TestPerson, TestWeb } from "./server.ts";
import { shareWeb } from "./shared-web.ts";

let db: TestDatabase;
let web: TestWeb;
shareWeb((made) => ({ db, web } = made));

interface Channel {
  intro: { fileName: string; bytes: number; durationSeconds: number } | null;
  outro: object | null;
}

async function withChannel() {
  const ann = await web.signUp();
  const id = await addUploadChannel(db.prisma, { userId: ann.userId, workspaceId: ann.workspaceId });
  return { ann, id, channel: () => ann.json<Channel>(`/api/channels/${id}`) };
}

function give(person: TestPerson, id: string, bytes: Buffer, { kind = "intro", name = "jingle.wav" } = {}) {
  const body = new FormData();
  body.set("file", new Blob([new Uint8Array(bytes)]), name);
  return post(web, person, `/api/channels/${id}/${kind}`, { body });
}

test("an intro is heard back as it was made, counts towards the space of who gave it, and is told with its channel", async () => {
  const { ann, id, channel } = await withChannel();
  expect(await channel()).toMatchObject({ intro: null, outro: null });
  const before = await storedBytes(db.prisma, ann.userId);
  const given = await give(ann, id, tone(2, 1000), { name: "../our song.wav" });
  expect([given.status, given.body]).toMatchObject([201, { fileName: "our song.wav" }]);
  const { intro } = await channel();
  expect(intro).toMatchObject({ fileName: "our song.wav", bytes: expect.any(Number) });
  expect(Math.abs((intro?.durationSeconds ?? 0) - 2)).toBeLessThan(0.1);
  expect(await storedBytes(db.prisma, ann.userId)).toBe(before + (intro?.bytes ?? 0));
  const sound = await fetch(`${web.url}/api/channels/${id}/intro`, { headers: { ...ann.headers, range: "bytes=0-9" } });
  expect([sound.status, sound.headers.get("content-type")]).toEqual([206, "audio/mpeg"]);
  expect(sound.headers.get("content-range")).toBe(`bytes 0-9/${intro?.bytes}`);
  // The look at it in an hour is not what waits too long.
  expect((await outboxMetrics(db.pool)).oldestWaitingSeconds).toBeLessThan(30);
  const actions = await db.prisma.auditEntry.findMany({ where: { subject: id }, select: { action: true } });
  expect(actions).toEqual(expect.arrayContaining([{ action: "channel.intro" }]));
});

test("what is no sound, silent, too long, too large or damaged is refused with its name, and changes nothing", async () => {
  const { ann, id, channel } = await withChannel();
  expect((await give(ann, id, tone(1, 1000), { name: "good.wav" })).status).toBe(201);
  const { intro } = await channel();
  const stored = await db.prisma.outbox.count();
  const broken = Buffer.concat([tone(1, 1000).subarray(0, 44), Buffer.alloc(0)]);
  for (const [bytes, name, status, code, words] of [
    [Buffer.from("Dear listeners, this is a letter. ".repeat(100)), "notes.mp3", 422, "not_audio", "“notes.mp3”"],
    [Buffer.from("#EXTM3U\nfile:///etc/passwd\n"), "list.m3u8", 422, "not_audio", "“list.m3u8”"],
    [tone(2, 1000, 0), "nothing.wav", 422, "silent", "Nothing can be heard in “nothing.wav”"],
    [tone(61, 1000), "long.wav", 422, "too_long", "longer than the 60 seconds that an intro may last"],
    [broken, "broken.wav", 422, "damaged_media", "“broken.wav” is damaged"],
    [Buffer.alloc(0), "empty.wav", 400, "empty_file", "empty"],
    [Buffer.alloc(21 * 1024 ** 2), "large.wav", 413, "too_large", "larger than the 20 MB"],
  ] as const) {
    const answer = await give(ann, id, bytes, { name });
    expect([name, answer.status, answer.body]).toMatchObject([
      name,
      status,
      { code, detail: expect.stringContaining(words) },
    ]);
  }
  expect((await post(web, ann, `/api/channels/${id}/intro`, { json: { file: "x" } })).status).toBe(415);
  expect((await channel()).intro).toEqual(intro);
  expect(await db.prisma.outbox.count()).toBe(stored);
});

test("who may only read a channel changes none of its sounds, and a stranger finds none", async () => {
  const { ann, id } = await withChannel();
  const [viewer, eve] = [await web.signUp(), await web.signUp()];
  const { id: workspaceId } = await ann.json<{ id: string }>("/api/workspaces", {
    method: "POST",
    body: { name: "W" },
  });
  await joinWorkspace({ inviter: ann, workspaceId }, viewer, "viewer");
  const shared = await addUploadChannel(db.prisma, { userId: ann.userId, workspaceId });
  expect((await give(ann, shared, tone(1, 1000))).status).toBe(201);
  const ask = async (method: string, channelId: string, person: TestPerson) =>
    (await fetch(`${web.url}/api/channels/${channelId}/intro`, { method, headers: person.headers })).status;
  expect((await give(viewer, shared, tone(1, 1000))).status).toBe(403);
  expect([await ask("GET", shared, viewer), await ask("DELETE", shared, viewer)]).toEqual([200, 403]);
  expect((await give(eve, shared, tone(1, 1000))).status).toBe(404);
  expect([await ask("GET", shared, eve), await ask("DELETE", shared, eve)]).toEqual([404, 404]);
  expect([await ask("GET", id, ann), await ask("DELETE", id, ann)]).toEqual([404, 404]);
  expect([await ask("DELETE", shared, ann), await ask("GET", shared, ann)]).toEqual([204, 404]);
});

test("of several that come at once one stays, and a full space takes none", async () => {
  const { ann, id, channel } = await withChannel();
  const many = await Promise.all([1, 2, 3].map((seconds) => give(ann, id, tone(seconds, 1000))));
  expect(many.map(({ status }) => status)).toEqual([201, 201, 201]);
  expect(await db.prisma.channelFile.count({ where: { channelId: id } })).toBe(1);
  expect((await channel()).intro).not.toBeNull();
  await using small = await startWeb(db, { settings: { USER_QUOTA_BYTES: "1000" } });
  const body = new FormData();
  body.set("file", new Blob([new Uint8Array(tone(1, 1000))]), "a.wav");
  const headers = { authorization: `Bearer ${await ann.apiKey()}` };
  const refused = await post(
    small,
    { headers: { ...headers, cookie: "", origin: small.url } },
    `/api/channels/${id}/outro`,
    { body },
  );
  expect([refused.status, refused.body.code]).toEqual([507, "quota_exceeded"]);
});

test("an episode takes the intro that stands when it begins, also where another takes its place just then", async () => {
  const { ann, id } = await withChannel();
  const { media } = web.deps;
  const keep = async (words: string) => {
    const file = {
      id: newId(),
      fileName: "a",
      mediaType: "audio/mpeg",
      bytes: words.length,
      sha256: "",
      durationMs: 1,
    };
    await media.putText(channelFileKey(id, file.id), words);
    await keepChannelFile(db.prisma, { userId: ann.userId, channelId: id }, { ...file, kind: "intro" });
    return file.id;
  };
  const first = await keep("first");
  let replaced = false;
  const replacing = {
    ...media,
    async localFile(key: string) {
      if (!replaced) {
        replaced = true;
        await keep("second one");
        await media.removeAll(channelFileKey(id, first));
      }
      return media.localFile(key);
    },
  };
  const folder = web.mediaDir;
  const taken = await takeChannelFiles({ prisma: db.prisma, media: replacing }, { channelId: id, folder });
  expect([replaced, taken.notes]).toEqual([true, []]);
  expect(await readFile(taken.intro?.path ?? "", "utf8")).toBe("second one");
  // A store that does not answer is no loss: the attempt fails, and is made again.
  const away = { ...media, localFile: () => Promise.reject(new Error("no answer")) };
  await expect(takeChannelFiles({ prisma: db.prisma, media: away }, { channelId: id, folder })).rejects.toThrow(
    "no answer",
  );
});
