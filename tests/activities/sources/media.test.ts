import { spawn } from "node:child_process";
import { once } from "node:events";
import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { mediaFailure } from "#activities/clients/sources/media-failure.ts";
import { createSources } from "#activities/clients/sources/sources.ts";
import { allowedAddresses, guardedFetch, noYtdlp, problemOf, signal } from "./feed-setup.ts";
import { megabyte, soundOf, startMedia } from "./media-setup.ts";

const sound = soundOf(3 * megabyte);

test("a file is fetched whole, with its type and its version", async () => {
  await using media = await startMedia(sound);
  expect(await media.fetch()).toEqual({
    bytes: sound.length,
    contentType: "audio/mpeg",
    validator: expect.stringMatching(/^"\w{20}"$/),
  });
  expect(sound.equals(await media.kept())).toBe(true);
  expect(media.progress.at(-1)).toBe(sound.length);
  expect(media.progress).toEqual(media.progress.toSorted((one, other) => one - other));
});

test("what was fetched whole is not fetched again", async () => {
  await using media = await startMedia(sound);
  const first = await media.fetch();
  expect(await media.fetch()).toEqual(first);
  expect(media.requests()).toHaveLength(1);
});

test("a killed process's file is gone on with: no byte of it is fetched twice", async () => {
  await using media = await startMedia(sound);
  media.host.state.mediaFault = { kind: "stall", afterBytes: 2 * megabyte };
  const script = join(import.meta.dirname, "fetch-process.ts");
  const fetching = spawn(process.execPath, [script, media.url, media.into], { stdio: "ignore" });
  const sizeOf = () =>
    stat(media.into).then(
      ({ size }) => size,
      () => 0,
    );
  await expect.poll(sizeOf, { timeout: 30_000 }).toBe(2 * megabyte);
  fetching.kill("SIGKILL");
  await once(fetching, "exit");

  media.host.state.mediaFault = null;
  expect(await media.fetch()).toMatchObject({ bytes: sound.length, contentType: "audio/mpeg" });
  expect(sound.equals(await media.kept())).toBe(true);
  expect(media.requests()).toMatchObject([
    { status: 200, range: null },
    { status: 206, range: `bytes=${2 * megabyte}-`, bytes: megabyte },
  ]);
});

test("what a connection broke off in goes on from there", async () => {
  await using media = await startMedia(sound);
  for (const afterBytes of [megabyte, megabyte, 10]) {
    media.host.state.mediaFault = { kind: "cut", afterBytes };
    expect(await problemOf(media.fetch())).toMatchObject({ problem: "broken" });
  }
  media.host.state.mediaFault = null;
  await media.fetch();
  expect(sound.equals(await media.kept())).toBe(true);
  expect(media.host.bytesOf("/media/talk.mp3")).toBeLessThan(sound.length + megabyte);
});

test.each([
  ["smaller", megabyte / 2, null],
  ["larger", 2 * megabyte, null],
  ["larger, on a server that hears no If-Range", 2 * megabyte, { kind: "heedless" }],
] as const)("of a file that changed meanwhile nothing old is left: %s", async (_, bytes, fault) => {
  await using media = await startMedia(sound);
  media.host.state.mediaFault = { kind: "cut", afterBytes: megabyte };
  await problemOf(media.fetch());
  media.host.state.mediaFault = fault;
  const other = soundOf(bytes, 2);
  media.host.keep("talk.mp3", other);
  expect(await media.fetch()).toMatchObject({ bytes: other.length });
  expect(other.equals(await media.kept())).toBe(true);
});

test("a file whose server gives no ETag goes on by its date", async () => {
  await using media = await startMedia(sound);
  media.host.state.isTagged = false;
  media.host.state.mediaFault = { kind: "cut", afterBytes: megabyte };
  await problemOf(media.fetch());
  // A connection that breaks may take some of what was sent with it.
  const { length: came } = await media.kept();
  expect(came).toBeGreaterThan(0);
  media.host.state.mediaFault = null;
  expect(await media.fetch()).toMatchObject({ validator: expect.stringMatching(/ GMT$/) });
  expect(media.requests().at(-1)).toMatchObject({ status: 206, range: `bytes=${came}-` });
  expect(sound.equals(await media.kept())).toBe(true);
});

test("a server that is slow but steady is waited for", async () => {
  await using media = await startMedia(sound.subarray(0, 10 * 65_536), { stallMs: 1_000 });
  media.host.state.mediaFault = { kind: "drip", pauseMs: 120 };
  expect(await media.fetch()).toMatchObject({ bytes: 10 * 65_536 });
});

test.each(["whole", "shifted", "untagged"] as const)(
  "a server that answers a range badly (%s) is asked anew",
  async (kind) => {
    await using media = await startMedia(sound);
    media.host.state.mediaFault = { kind: "cut", afterBytes: megabyte };
    await problemOf(media.fetch());
    media.host.state.mediaFault = { kind };
    await media.fetch();
    expect(sound.equals(await media.kept())).toBe(true);
  },
);

test("a part that is as long as the file, or longer, does no harm", async () => {
  await using media = await startMedia(sound);
  const first = await media.fetch();
  const note = (bytes: number | null) =>
    writeFile(
      `${media.into}.fetch.json`,
      JSON.stringify({ url: media.url, validator: first.validator, contentType: "audio/mpeg", wholeBytes: bytes }),
    );
  await note(null);
  expect(await media.fetch()).toEqual(first);
  expect(media.requests().at(-1)).toMatchObject({ status: 416, bytes: 0 });

  await note(null);
  await writeFile(media.into, Buffer.concat([sound, sound]));
  expect(await media.fetch()).toEqual(first);
  expect(sound.equals(await media.kept())).toBe(true);
});

test("a note that is damaged, or of another address, counts for nothing", async () => {
  await using media = await startMedia(sound);
  await writeFile(media.into, "something");
  await writeFile(`${media.into}.fetch.json`, "{half");
  await media.fetch();
  expect(sound.equals(await media.kept())).toBe(true);
  media.host.keep("other.mp3", soundOf(10));
  expect(await media.fetch(media.host.mediaUrl("other.mp3"))).toMatchObject({ bytes: 10 });
});

test("a server that falls silent is given up, and what came is kept", async () => {
  await using media = await startMedia(sound, { stallMs: 1_500 });
  media.host.state.mediaFault = { kind: "stall", afterBytes: megabyte };
  expect(await problemOf(media.fetch())).toMatchObject({ problem: "timed_out" });
  media.host.state.mediaFault = null;
  await media.fetch();
  expect(media.requests().at(-1)).toMatchObject({ status: 206, range: `bytes=${megabyte}-` });
});

test("an abort ends it with its reason", async () => {
  await using media = await startMedia(sound);
  media.host.state.mediaFault = { kind: "stall", afterBytes: megabyte };
  const cancel = new AbortController();
  const fetching = media.fetch(media.url, cancel.signal);
  await expect.poll(() => media.progress.at(-1)).toBe(megabyte);
  cancel.abort(new Error("cancelled"));
  await expect(fetching).rejects.toThrow("cancelled");
});

test("a file that is not as long as its server says is an error", async () => {
  await using media = await startMedia(sound, { stallMs: 300 });
  media.host.state.mediaFault = { kind: "length", more: 5 };
  expect(["broken", "timed_out"]).toContain((await problemOf(media.fetch())).problem);
});

test("no more bytes are taken than this server allows, said or unsaid", async () => {
  await using media = await startMedia(sound, { mostBytes: megabyte });
  expect(await problemOf(media.fetch())).toMatchObject({ problem: "too_large" });
  media.host.state.mediaFault = { kind: "gzip" };
  media.host.keep("zeros.mp3", Buffer.alloc(5 * megabyte));
  expect(await problemOf(media.fetch(media.host.mediaUrl("zeros.mp3")))).toMatchObject({ problem: "too_large" });
});

test("a file that comes packed is unpacked", async () => {
  await using media = await startMedia(sound);
  media.host.state.mediaFault = { kind: "gzip" };
  expect(await media.fetch()).toMatchObject({ bytes: sound.length, validator: null });
  expect(sound.equals(await media.kept())).toBe(true);
});

test.each([
  [{ kind: "status", status: 404 }, "missing", "source_gone", true],
  [{ kind: "status", status: 410 }, "gone", "source_gone", true],
  [{ kind: "status", status: 403 }, "not_allowed", "source_refused", true],
  [{ kind: "status", status: 429, retryAfter: "90" }, "rate_limited", "source_unavailable", false],
  [{ kind: "status", status: 500 }, "server_error", "source_unavailable", false],
  [{ kind: "status", status: 204 }, "server_error", "source_unavailable", false],
  [{ kind: "page" }, "not_media", "source_gone", true],
  [{ kind: "redirect", times: 6 }, "redirected", "source_refused", true],
] as const)("%o fails the run as %s", async (fault, problem, type, nonRetryable) => {
  await using media = await startMedia(sound);
  media.host.state.mediaFault = fault;
  const error = await problemOf(media.fetch());
  expect(error).toMatchObject({ problem });
  const failure = mediaFailure(error);
  expect(failure).toMatchObject({ type, nonRetryable });
  expect(failure.message).toContain("/media/talk.mp3");
  expect(Number(failure.nextRetryDelay ?? 0)).toBeGreaterThanOrEqual(problem === "rate_limited" ? 90_000 : 0);
});

test("an empty file is one", async () => {
  await using media = await startMedia(Buffer.alloc(0));
  expect(await problemOf(media.fetch())).toMatchObject({ problem: "empty" });
});

test("uploads bring their sound themselves", async () => {
  const { upload } = createSources({
    guardedFetch,
    allowedAddresses,
    youtube: { apiKey: undefined, baseUrl: undefined, ytdlp: noYtdlp },
  });
  const known = { url: "", etag: null, lastModified: null };
  expect(await upload.list(known, signal())).toEqual({ notModified: true });
  await problemOf(upload.describe("", signal()));
});
