import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { priorities } from "#domain/priorities.ts";
import { post, upload } from "#tests/web/requests.ts";
import type { TestPerson } from "#tests/web/server.ts";
import { begin, head, send } from "#tests/web/uploads/tus-requests.ts";
import { addChannel, jobsBecome, soundFile, startChannels } from "./system.ts";
import type { ChannelAnswer, ChannelSystem } from "./system.ts";

let system: ChannelSystem;
beforeAll(async () => {
  system = await startChannels();
});
afterAll(() => system[Symbol.asyncDispose]());

interface Added {
  jobId: string;
  videoId: string;
}

let files = 0;
/** Sound that nobody has yet: the same, with a few bytes behind it that no player reads. */
function newSound(): Buffer<ArrayBuffer> {
  files += 1;
  return Buffer.concat([soundFile(), Buffer.from(`file ${files}`)]);
}

const newChannel = (person: TestPerson, more: object = {}) =>
  person.json<ChannelAnswer>("/api/channels", {
    method: "POST",
    body: { source: "upload", rights: true, title: "Own talks", ...more },
  });

async function put(person: TestPerson, channelId: string, bytes: Buffer<ArrayBuffer>, fields: Record<string, string>) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set("file", new Blob([bytes]), "talk.wav");
  const { status, body } = await post(system.web, person, `/api/channels/${channelId}/videos`, { body: form });
  return { status, ...(body as unknown as Added) };
}

const choose = async (person: TestPerson, channelId: string, recordingId: string) => {
  const { status, body } = await post(system.web, person, `/api/channels/${channelId}/videos`, {
    json: { recordingId },
  });
  return { status, ...(body as unknown as Added) };
};

const rowsOf = async (channelId: string) => ({
  videos: await system.db.prisma.video.count({ where: { channelId } }),
  jobs: await system.db.prisma.run.count({ where: { channelId } }),
  episodes: await system.db.prisma.episode.count({ where: { channelId } }),
});

test("a file put into a channel of own files becomes a held episode, and no network is asked", async () => {
  const ann = await system.web.signUp();
  const channel = await newChannel(ann);
  expect(channel).toMatchObject({ title: "Own talks", source: "upload", url: null, check: { state: "none" } });
  const bytes = newSound();
  const added = await put(ann, channel.id, bytes, { title: "On silence", recordedAt: "2026-02-03T10:00:00+01:00" });
  expect(added).toMatchObject({ status: 202, jobId: expect.any(String), videoId: expect.any(String) });
  const [job] = await jobsBecome(ann, channel.id, { "On silence": "completed" });
  expect(job).toMatchObject({ id: added.jobId, videoId: added.videoId, stage: "completed", progress: 100 });
  const workflow = system.client.workflow.getHandle(`video:${channel.id}:${added.videoId}`);
  expect((await workflow.describe()).priority).toMatchObject({ priorityKey: priorities.upload });
  const detail = await ann.json(`/agents/${channel.id}/jobs/${added.jobId}`);
  const episode = { state: "held", originalDate: "2026-02-03T09:00:00.000Z" };
  expect(detail).toMatchObject({ video: { title: "On silence" }, episode });
  expect(await readFile(join(system.folder, "conversations", added.videoId, "original"))).toEqual(bytes);
  expect(system.host.requests).toEqual([]);

  // The same bytes again are the video that is there; as a recording they count for themselves.
  expect(await put(ann, channel.id, bytes, { title: "Again" })).toMatchObject({ ...added, status: 200 });
  expect((await upload(system.web, ann, bytes)).status).toBe(202);
  expect(await rowsOf(channel.id)).toEqual({ videos: 1, jobs: 1, episodes: 1 });
});

test("a recording of the workspace becomes an episode once, and either can be deleted without the other", async () => {
  const ann = await system.web.signUp();
  const { id } = await newChannel(ann);
  const bytes = newSound();
  const recording = await upload(system.web, ann, bytes, { title: "Last year's talk" });
  const added = await choose(ann, id, recording.body.id);
  expect(added.status).toBe(202);
  expect(await choose(ann, id, recording.body.id)).toEqual({ ...added, status: 200 });
  await jobsBecome(ann, id, { "Last year's talk": "completed" });
  const row = await system.db.prisma.recording.findUniqueOrThrow({ where: { id: added.videoId } });
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  expect(row).toMatchObject({ fileName: "speech.wav", sha256, sizeBytes: BigInt(bytes.length) });
  const path = `/api/recordings/${recording.body.id}`;
  expect((await fetch(`${system.web.url}${path}/audio`, { headers: ann.headers })).status).toBe(200);
  await fetch(`${system.web.url}${path}`, { method: "DELETE", headers: ann.headers });
  await expect.poll(() => readdir(join(system.folder, "conversations"))).not.toContain(recording.body.id);
  expect(await readFile(join(system.folder, "conversations", added.videoId, "original"))).toEqual(bytes);
  expect(await rowsOf(id)).toEqual({ videos: 1, jobs: 1, episodes: 1 });
});

test("a job whose recording was deleted before it had its copy says so", async () => {
  const ann = await system.web.signUp();
  const { id } = await newChannel(ann);
  const recording = await upload(system.web, ann, newSound(), { title: "Gone" });
  const { recording: rows } = system.db.prisma;
  // As where the disk has lost it: the row is there, the file is not.
  await rows.update({ where: { id: recording.body.id }, data: { mediaKey: "conversations/nothing/original" } });
  await choose(ann, id, recording.body.id);
  const [failed] = await jobsBecome(ann, id, { Gone: "failed" });
  expect(failed).toMatchObject({ stage: "downloading", error: { code: "media_missing" } });
});

test("what was deleted from a channel may be put into it again", async () => {
  const ann = await system.web.signUp();
  const { id } = await newChannel(ann);
  const bytes = newSound();
  const first = await put(ann, id, bytes, { title: "Once more" });
  await jobsBecome(ann, id, { "Once more": "completed" });
  await fetch(`${system.web.url}/api/recordings/${first.videoId}`, { method: "DELETE", headers: ann.headers });
  const second = await put(ann, id, bytes, { title: "Once more" });
  expect([second.status, second.videoId === first.videoId]).toEqual([202, false]);
  await jobsBecome(ann, id, { "Once more": "completed" });
});

test("a resumable upload goes to its channel, and a crash between stored file and row loses and doubles nothing", async () => {
  const ann = await system.web.signUp();
  const { id: channelId } = await newChannel(ann);
  const bytes = newSound();
  const location =
    (await begin(system.web, ann, bytes.length, { channelId, title: "By tus" })).headers.get("location") ?? "";
  await send(system.web, ann, location, 0, bytes.subarray(0, 1_000));
  // The last byte has come and the file has moved, but its row cannot be written, as where the process is killed there.
  const { prisma } = system.db;
  await prisma.$executeRaw`ALTER TABLE video ADD CONSTRAINT nothing_new CHECK (false) NOT VALID`;
  const cut = await send(system.web, ann, location, 1_000, bytes.subarray(1_000));
  await prisma.$executeRaw`ALTER TABLE video DROP CONSTRAINT nothing_new`;
  expect(cut.status).toBeGreaterThanOrEqual(500);
  expect(await rowsOf(channelId)).toEqual({ videos: 0, jobs: 0, episodes: 0 });
  const videoId = location.split("/").at(-1) ?? "";
  const answers = await Promise.all(Array.from({ length: 5 }, () => head(system.web, ann, location)));
  expect(new Set(answers.map(({ headers }) => headers.get("x-conversation-id")))).toEqual(new Set([videoId]));
  expect(new Set(answers.map(({ headers }) => headers.get("x-duplicate")))).toEqual(new Set(["false"]));
  await jobsBecome(ann, channelId, { "By tus": "completed" });
  expect(await rowsOf(channelId)).toEqual({ videos: 1, jobs: 1, episodes: 1 });

  const again = (await begin(system.web, ann, bytes.length, { channelId })).headers.get("location") ?? "";
  const copy = await send(system.web, ann, again, 0, bytes);
  expect([copy.headers.get("x-conversation-id"), copy.headers.get("x-duplicate")]).toEqual([videoId, "true"]);
});

test("doors: only a channel of own files takes files, from its people, of its workspace, and not empty", async () => {
  const [ann, eve] = [await system.web.signUp(), await system.web.signUp()];
  const own = await newChannel(ann);
  const feed = await addChannel(ann, system.host.feedUrl);
  const recording = await upload(system.web, eve, newSound());
  const videos = (id: string) => `/api/channels/${id}/videos`;
  const sent = (person: TestPerson, path: string, json: object) => post(system.web, person, path, { json });
  const statusOf = async (answer: Promise<{ status: number }>) => (await answer).status;
  expect(await statusOf(put(ann, feed.id, newSound(), {}))).toBe(409);
  expect(await statusOf(put(eve, own.id, newSound(), {}))).toBe(404);
  expect(await statusOf(put(ann, own.id, Buffer.alloc(0), {}))).toBe(400);
  expect(await statusOf(put(ann, own.id, newSound(), { recordedAt: "yesterday" }))).toBe(400);
  expect(await statusOf(choose(ann, own.id, recording.body.id))).toBe(404);
  expect(await statusOf(choose(ann, own.id, "no id"))).toBe(400);
  expect(await statusOf(post(system.web, ann, videos(own.id), {}))).toBe(415);
  expect(await statusOf(sent(ann, `/api/channels/${own.id}/check`, {}))).toBe(409);
  const change = { method: "PATCH", headers: { ...ann.headers, "content-type": "application/json" } };
  const body = JSON.stringify({ url: system.host.feedUrl });
  expect((await fetch(`${system.web.url}/api/channels/${own.id}`, { ...change, body })).status).toBe(409);
  const untitled = await sent(ann, "/api/channels", { source: "upload", rights: true });
  expect([untitled.status, untitled.body]).toMatchObject([400, { code: "invalid_request" }]);
  const strange = await sent(ann, "/api/channels", { source: "smoke", rights: true });
  expect(strange.body["detail"]).toBe("source: Choose one of feed, upload, youtube.");
  const begun = [
    await begin(system.web, ann, 10, { channelId: feed.id }),
    await begin(system.web, eve, 10, { channelId: own.id }),
  ];
  expect(begun.map(({ status }) => status)).toEqual([409, 404]);
  expect(await rowsOf(own.id)).toEqual({ videos: 0, jobs: 0, episodes: 0 });
});
