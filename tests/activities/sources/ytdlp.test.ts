import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { createAllowedAddresses } from "#activities/clients/allowed-addresses.ts";
import { downloadByYtdlp } from "#activities/clients/sources/youtube/ytdlp/download.ts";
import type { YtdlpSettings } from "#activities/clients/sources/youtube/ytdlp/invocation.ts";
import { ytdlpVersions } from "#activities/clients/sources/youtube/ytdlp/tool.ts";
import { fakePodcastHost } from "#tests/fakes/podcast-host.ts";
import { fakeYoutubePlayer } from "#tests/fakes/youtube-player.ts";
import { testCache } from "#tests/fixtures/fetch.ts";
import { problemOf } from "./feed-setup.ts";
import { megabyte, soundOf } from "./media-setup.ts";

afterEach(() => void vi.unstubAllEnvs());

const sound = soundOf(3 * megabyte);
const loopback = ["127.0.0.0/8"];

/** A folder to fetch into by the real yt-dlp, which is pinned and fetched by pip where it is not there yet. */
async function startDownloads(allow: readonly string[], settings: Partial<YtdlpSettings> = {}) {
  const folder = await mkdtemp(join(tmpdir(), "convene-ytdlp-"));
  const tool = { cacheDir: testCache, path: undefined, proxy: undefined, log: () => {}, ...settings };
  const deps = { ...tool, allowedAddresses: createAllowedAddresses({ allow }), operatorUrl: undefined };
  const into = join(folder, "file");
  const progress: { bytes: number; totalBytes: number | null }[] = [];
  return {
    progress,
    kept: () => readFile(into),
    fetch(url: string, { mostBytes = 10 * megabyte, stop = new AbortController(), stopAt = Infinity } = {}) {
      return downloadByYtdlp(deps, {
        url,
        into,
        mostBytes,
        signal: stop.signal,
        onProgress(told) {
          progress.push(told);
          if (told.bytes >= stopAt) stop.abort(new Error("The worker dies"));
        },
      });
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

const watch = (id: string) => `https://www.youtube.com/watch?v=${id}`;

test("the real yt-dlp fetches a video's sound alone from YouTube, and reads there why one cannot be had", async () => {
  await using youtube = await fakeYoutubePlayer();
  vi.stubEnv("SSL_CERT_FILE", youtube.certificates);
  await using downloads = await startDownloads([], { proxy: youtube.proxy });
  youtube.videos.set("talk-000001", { title: "Talk", sound });
  const refused = (id: string, status: string, reason: string) =>
    youtube.videos.set(id, { title: "Talk", sound, playability: { status, reason } });
  refused("talk-000002", "LOGIN_REQUIRED", "Sign in to confirm you’re not a bot");
  refused("talk-000003", "LIVE_STREAM_OFFLINE", "This live event will begin in 3 hours.");

  expect(await problemOf(downloads.fetch(watch("talk-000002")))).toMatchObject({
    problem: "bot_check",
    message: expect.stringContaining("youtu.be/talk-000002") as unknown,
  });
  expect(await problemOf(downloads.fetch(watch("talk-000003")))).toMatchObject({ problem: "not_yet" });
  expect(await problemOf(downloads.fetch(watch("talk-000004")))).toMatchObject({ problem: "missing" });
  expect(youtube.mediaRequests()).toEqual([]);

  expect(await downloads.fetch(watch("talk-000001"))).toMatchObject({ bytes: sound.length });
  expect(sound.equals(await downloads.kept())).toBe(true);
  expect(downloads.progress.at(-1)).toEqual({ bytes: sound.length, totalBytes: sound.length });
  // Format 140 is sound alone; the picture in better quality was never asked for.
  expect(youtube.mediaRequests()).toHaveLength(1);
});

test("the real yt-dlp tells a video's chapters with its file, also to who finds the file whole", async () => {
  await using youtube = await fakeYoutubePlayer();
  vi.stubEnv("SSL_CERT_FILE", youtube.certificates);
  const short = sound.subarray(0, 200_000);
  const told = async (id: string) => {
    await using downloads = await startDownloads([], { proxy: youtube.proxy });
    const { chapters } = await downloads.fetch(watch(id));
    const before = youtube.requests.length;
    expect((await downloads.fetch(watch(id))).chapters).toEqual(chapters);
    expect(youtube.requests).toHaveLength(before);
    return chapters;
  };
  const shown = [
    { title: "Hello", startSeconds: 0 },
    { title: "“Ünïcode”\t& more 😀", startSeconds: 12.5 },
  ];
  youtube.videos.set("shown-00001", { title: "Talk", sound: short, chapters: shown });
  expect(await told("shown-00001")).toEqual([shown[0], { title: "“Ünïcode” & more 😀", startSeconds: 12.5 }]);
  // What whoever made it wrote counts where the player shows none; what comes before the first is nobody's.
  const description = "About it.\n0:10 First\n0:30 - Second\nThanks!";
  youtube.videos.set("written-001", { title: "Talk", sound: short, description });
  expect(await told("written-001")).toEqual([
    { title: "First", startSeconds: 10 },
    { title: "Second", startSeconds: 30 },
  ]);
  youtube.videos.set("without-001", { title: "Talk", sound: short });
  expect(await told("without-001")).toEqual([]);
}, 60_000);

test("a download that is killed goes on by Range, and what was whole is not fetched again", async () => {
  await using host = await fakePodcastHost();
  host.keep("talk.mp3", sound);
  await using downloads = await startDownloads(loopback);
  host.state.mediaFault = { kind: "drip", pauseMs: 200 };
  const killed = downloads.fetch(host.mediaUrl("talk.mp3"), { stopAt: megabyte / 2 });
  await expect(killed).rejects.toThrow("The worker dies");

  host.state.mediaFault = null;
  expect(await downloads.fetch(host.mediaUrl("talk.mp3"))).toMatchObject({ bytes: sound.length });
  expect(sound.equals(await downloads.kept())).toBe(true);
  const last = host.requestsOf("/media/talk.mp3").at(-1);
  expect(last).toMatchObject({ status: 206, range: expect.stringMatching(/^bytes=[1-9]\d{4,}-/) as unknown });

  const before = host.requests.length;
  await downloads.fetch(host.mediaUrl("talk.mp3"));
  expect(host.requests).toHaveLength(before);
});

test("what is too large, not on the open internet or fetched by nothing says so", async () => {
  await using host = await fakePodcastHost();
  host.keep("talk.mp3", sound);
  await using downloads = await startDownloads(loopback);
  const tooLarge = downloads.fetch(host.mediaUrl("talk.mp3"), { mostBytes: megabyte });
  expect(await problemOf(tooLarge)).toMatchObject({ problem: "too_large" });

  const before = host.requests.length;
  await using guarded = await startDownloads([]);
  expect(await problemOf(guarded.fetch(host.mediaUrl("talk.mp3")))).toMatchObject({ problem: "refused" });
  expect(host.requests).toHaveLength(before);

  await using toolless = await startDownloads(loopback, { path: "/nowhere/yt-dlp" });
  expect(await problemOf(toolless.fetch(host.mediaUrl("talk.mp3")))).toMatchObject({ problem: "tool_missing" });
});

test("which yt-dlp and Python a worker has is known without fetching any", async () => {
  const pinned = await ytdlpVersions(undefined);
  expect(pinned).toEqual({ python: expect.stringMatching(/^3\.1\d$/), ytdlp: "2026.10.26" });
  expect(await ytdlpVersions("/nowhere/yt-dlp")).toEqual({ python: pinned.python, ytdlp: null });
  // Any program that says a version is one.
  expect(await ytdlpVersions(process.execPath)).toMatchObject({ ytdlp: process.version });
});
