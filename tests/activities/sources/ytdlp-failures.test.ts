import { once } from "node:events";
import { request } from "node:http";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { problemFromMessage } from "#activities/clients/sources/youtube/ytdlp/failure-messages.ts";
import { startGuardingProxy } from "#activities/clients/sources/youtube/ytdlp/guarding-proxy.ts";
import { createAllowedAddresses } from "#activities/clients/allowed-addresses.ts";
import { mediaFailure } from "#activities/clients/sources/media-failure.ts";
import { SourceFailed } from "#activities/clients/sources/source-failed.ts";
import { fakePodcastHost } from "#tests/fakes/podcast-host.ts";

const hint =
  "Use --cookies-from-browser or --cookies for the authentication. See  https://github.com/yt-dlp/yt-dlp/wiki/FAQ#how-do-i-pass-cookies-to-yt-dlp  for how to manually pass cookies";

// As yt-dlp 2026.10.26 puts them; what YouTube itself says of a video stands behind its id.
test.each([
  [`Sign in to confirm you’re not a bot. ${hint}`, "bot_check", "source_unavailable"],
  ["Video unavailable. YouTube is requiring a captcha challenge before playback", "bot_check", "source_unavailable"],
  [`Sign in to confirm your age. This video may be inappropriate for some users. ${hint}`, "age", "source_refused"],
  [
    "This content isn't available, try again later. The current session has been rate-limited by YouTube for up to an hour.",
    "rate_limited",
    "source_unavailable",
  ],
  ["Unable to download API page: HTTP Error 429: Too Many Requests", "rate_limited", "source_unavailable"],
  [`Private video. Sign in if you've been granted access to this video. ${hint}`, "private", "source_refused"],
  [
    "Join this channel to get access to members-only content like this video, and other exclusive perks.",
    "members_only",
    "source_refused",
  ],
  ["This video is available to this channel's members on level: Friends.", "members_only", "source_refused"],
  [
    "The uploader has not made this video available in your country. You might want to use a VPN or a proxy server (with --proxy) to workaround.",
    "geo",
    "source_refused",
  ],
  ["This video is not available from your location due to geo restriction", "geo", "source_refused"],
  ["Premieres in 26 hours", "not_yet", "source_unavailable"],
  ["This live event will begin in a few moments.", "not_yet", "source_unavailable"],
  ["Video unavailable. This video has been removed by the uploader", "missing", "source_gone"],
  [
    "Video unavailable. This video is no longer available because the YouTube account associated with this video has been terminated.",
    "missing",
    "source_gone",
  ],
  ["This live stream recording is not available.", "missing", "source_gone"],
  ["Unsupported URL: https://example.com/", "unsupported", "source_refused"],
  [
    "Requested format is not available. Use --list-formats for a list of available formats",
    "unsupported",
    "source_refused",
  ],
  ["unable to download video data: HTTP Error 403: Forbidden", "server_error", "source_unavailable"],
  ["Unable to download webpage: HTTP Error 503: Service Unavailable", "server_error", "source_unavailable"],
  ["Unable to connect to proxy: Tunnel connection failed: 403 Refused by Convene", "refused", "source_refused"],
  ["Unable to download webpage: [Errno -2] Name or service not known", "unreachable", "source_unavailable"],
  ["Unable to download webpage: <urlopen error [Errno 111] Connection refused>", "unreachable", "source_unavailable"],
  ["Unable to download webpage: The read operation timed out", "timed_out", "source_unavailable"],
  ["unable to download video data: 1024 bytes read, 4096 more expected", "broken", "source_unavailable"],
])("of “%s” it is known what it means", (words, problem, code) => {
  const known = problemFromMessage(`ERROR: [youtube] dQw4w9WgXcQ: ${words}\n`);
  const failed = mediaFailure(new SourceFailed(known ?? "broken", "https://youtu.be/dQw4w9WgXcQ"));
  expect([known, failed.type]).toEqual([problem, code]);
});

test("words that nobody knows mean nothing", () => {
  expect(problemFromMessage("ERROR: [youtube] dQw4w9WgXcQ: Something else")).toBeNull();
});

/** Asks the proxy for a way to a server; gives its status and what is at the end of the way. */
async function connectBy(proxy: URL, to: string): Promise<{ status: number | undefined; socket: Socket }> {
  const { hostname, port, username, password } = proxy;
  const auth = `${username}:${password}`;
  const asked = request({
    hostname,
    port,
    method: "CONNECT",
    path: to,
    ...(username === "" ? {} : { headers: { "proxy-authorization": `Basic ${Buffer.from(auth).toString("base64")}` } }),
  });
  asked.end();
  const [answer, socket] = (await once(asked, "connect")) as [IncomingMessage, Socket];
  return { status: answer.statusCode, socket };
}

test("the proxy leads only whoever knows its password, only to addresses that may be reached, and counts", async () => {
  await using host = await fakePodcastHost();
  host.keep("talk.mp3", Buffer.alloc(2_000));
  const to = new URL(host.url).host;
  let isTooMuch = false;
  const limits = { operatorUrl: undefined, mostBytes: 1_000, onTooMuch: () => void (isTooMuch = true) };
  await using open = await startGuardingProxy({
    ...limits,
    allowedAddresses: createAllowedAddresses({ allow: ["127.0.0.0/8"] }),
  });
  const stranger = new URL(open.url);
  stranger.username = "";
  stranger.password = "";
  expect((await connectBy(stranger, to)).status).toBe(407);

  const { status, socket } = await connectBy(new URL(open.url), to);
  expect(status).toBe(200);
  socket.write("GET /media/talk.mp3 HTTP/1.1\r\nHost: host\r\nConnection: close\r\n\r\n");
  const [first] = (await once(socket, "data")) as [Buffer];
  expect(first.toString()).toMatch(/^HTTP\/1\.1 200 /);
  await once(socket.resume(), "end");
  expect(isTooMuch).toBe(true);

  await using guarded = await startGuardingProxy({
    ...limits,
    allowedAddresses: createAllowedAddresses({ allow: [] }),
  });
  expect((await connectBy(new URL(guarded.url), to)).status).toBe(403);
  await using operators = await startGuardingProxy({
    ...limits,
    allowedAddresses: createAllowedAddresses({ allow: [] }),
    operatorUrl: host.url,
  });
  expect((await connectBy(new URL(operators.url), to)).status).toBe(200);
});
