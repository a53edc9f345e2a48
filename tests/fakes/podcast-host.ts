import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { rssOf } from "./podcast-feed.ts";
import type { FakeEpisode } from "./podcast-feed.ts";

/**
 * What a host gets wrong. `stall`: these many bytes, then silence; `cut`: these many bytes, then the connection ends;
 * `whole`: Range is not heard; `length`: Content-Length says this many bytes more; `shifted`: the range starts
 * elsewhere; `heedless`: If-Range is not heard; `drip`: a piece of 64 KB at a time, with a pause after each; `page`: a web page with success; `redirect`: leads on this often.
 */
export type HostFault =
  | { kind: "status"; status: number; retryAfter?: string }
  | { kind: "slow"; ms: number }
  | { kind: "stall" | "cut"; afterBytes: number }
  | { kind: "whole" | "gzip" | "page" | "shifted" | "heedless" | "untagged" }
  | { kind: "drip"; pauseMs: number }
  | { kind: "length"; more: number }
  | { kind: "redirect"; times: number };

export interface HostRequest {
  path: string;
  status: number;
  range: string | null;
  ifRange: string | null;
  ifNoneMatch: string | null;
  /** Bytes of the body that were given to the connection. */
  bytes: number;
}

interface Served {
  bytes: Buffer;
  type: string;
  changedAt: Date;
}

const etagOf = (bytes: Buffer) => `"${createHash("sha256").update(bytes).digest("hex").slice(0, 20)}"`;

/** A podcast's host on loopback: its feed by ETag and Last-Modified, its files by Range and If-Range (RFC 9110). */
export async function fakePodcastHost() {
  const episodes: FakeEpisode[] = [];
  const files = new Map<string, Served>();
  const requests: HostRequest[] = [];
  const state = {
    /** What `/feed.xml` and what lies below `/media/` suffer; null: nothing. */
    feedFault: null as HostFault | null,
    mediaFault: null as HostFault | null,
    hub: null as string | null,
    /** Whether it sends ETags. */
    isTagged: true,
    /** The feed's Link header. */
    link: null as string | null,
    /** The path whose answer never comes, for as long as it is set. */
    held: null as string | null,
    /** Instead of the feed made of the episodes. */
    feed: null as { body: Buffer | string; type: string } | null,
  };
  let feedChangedAt = new Date();

  function served(path: string): Served | null {
    if (path === "/feed.xml") {
      const { body = rssOf(episodes, { url, hub: state.hub }), type = "application/rss+xml" } = state.feed ?? {};
      return { bytes: Buffer.from(body), type, changedAt: feedChangedAt };
    }
    return files.get(path) ?? null;
  }

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const { pathname: path, searchParams } = new URL(request.url ?? "/", "http://host");
    const header = (name: string) => (request.headers[name] as string | undefined) ?? null;
    const noted: HostRequest = {
      path,
      status: 0,
      range: header("range"),
      ifRange: header("if-range"),
      ifNoneMatch: header("if-none-match"),
      bytes: 0,
    };
    requests.push(noted);
    const send = (status: number, headers: Record<string, string | number>, body: Buffer | string = "") => {
      noted.status = status;
      noted.bytes = body.length;
      response.writeHead(status, headers).end(body);
    };
    if (path === state.held) return;
    const fault = path.startsWith("/media/") ? state.mediaFault : state.feedFault;
    if (fault?.kind === "slow") await sleep(fault.ms);
    if (fault?.kind === "status") {
      return send(fault.status, fault.retryAfter === undefined ? {} : { "retry-after": fault.retryAfter });
    }
    if (fault?.kind === "page") return send(200, { "content-type": "text/html" }, "<!doctype html><title>Oops</title>");
    const hop = Number(searchParams.get("hop"));
    if (fault?.kind === "redirect" && hop < fault.times) return send(302, { location: `${path}?hop=${hop + 1}` });
    const found = served(path);
    if (found === null) return send(404, { "content-type": "text/html" }, "<!doctype html><title>Not found</title>");
    const etag = etagOf(found.bytes);
    const lastModified = found.changedAt.toUTCString();
    const headers: Record<string, string | number> = {
      "content-type": found.type,
      "accept-ranges": "bytes",
      ...(state.link !== null && path === "/feed.xml" ? { link: state.link } : {}),
      ...(state.isTagged && fault?.kind !== "untagged" ? { etag } : {}),
      ...(fault?.kind === "untagged" ? {} : { "last-modified": lastModified }),
    };
    if (isKnown(noted, header("if-modified-since"), { etag, lastModified })) return send(304, headers);
    if (fault?.kind === "gzip") {
      const packed = gzipSync(found.bytes);
      return send(200, { ...headers, "content-encoding": "gzip", "content-length": packed.length }, packed);
    }
    const isWhole =
      fault?.kind === "whole" || (noted.ifRange !== null && ![etag, lastModified].includes(noted.ifRange));
    const from = isWhole ? null : /^bytes=(\d+)-$/.exec(noted.range ?? "")?.[1];
    const start = from ? Number(from) : 0;
    const size = found.bytes.length;
    if (from && start >= size) return send(416, { "content-range": `bytes */${size}` });
    const shift = from && fault?.kind === "shifted" ? 1 : 0;
    const body = found.bytes.subarray(start - shift);
    noted.status = from ? 206 : 200;
    response.writeHead(noted.status, {
      ...headers,
      "content-length": body.length + (fault?.kind === "length" ? fault.more : 0),
      ...(from ? { "content-range": `bytes ${start - shift}-${size - 1}/${size}` } : {}),
    });
    await pour(response, body, { fault, noted });
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    feedUrl: `${url}/feed.xml`,
    mediaUrl: (file: string) => `${url}/media/${file}`,
    state,
    requests,
    /** The episodes as they are listed; change them in place and call `changed`. */
    episodes,
    changed: () => void (feedChangedAt = new Date(feedChangedAt.getTime() + 1_000)),
    add(episode: FakeEpisode, bytes: Buffer = Buffer.from("sound")) {
      episodes.unshift(episode);
      this.keep(episode.file, bytes, episode.type);
      this.changed();
    },
    remove(guid: string) {
      const at = episodes.findIndex((each) => each.guid === guid);
      if (at !== -1) episodes.splice(at, 1);
      this.changed();
    },
    /** Lays a file below `/media/`, in place of one of that name. */
    keep(file: string, bytes: Buffer, type = "audio/mpeg") {
      files.set(`/media/${file}`, { bytes, type, changedAt: new Date() });
    },
    /** Lays a page, a feed or a cover at a path. */
    lay(path: string, body: Buffer | string, type: string) {
      files.set(path, { bytes: Buffer.from(body), type, changedAt: new Date() });
    },
    requestsOf: (path: string) => requests.filter((request) => request.path === path),
    /** Bytes of bodies that were given to connections. */
    bytesOf: (path: string) =>
      requests.filter((request) => request.path === path).reduce((sum, { bytes }) => sum + bytes, 0),
    /** Ends every connection, as a host that is started anew. */
    hangUp: () => server.closeAllConnections(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Whether the client has it already; If-None-Match is heard before If-Modified-Since. */
function isKnown(
  { ifNoneMatch, range }: HostRequest,
  ifModifiedSince: string | null,
  { etag, lastModified }: { etag: string; lastModified: string },
): boolean {
  if (range !== null) return false;
  if (ifNoneMatch !== null) return ifNoneMatch.split(/,\s*/).includes(etag);
  return ifModifiedSince !== null && Date.parse(ifModifiedSince) >= Date.parse(lastModified);
}

async function pour(
  response: ServerResponse,
  body: Buffer,
  { fault, noted }: { fault: HostFault | null; noted: HostRequest },
): Promise<void> {
  const most = fault?.kind === "cut" || fault?.kind === "stall" ? fault.afterBytes : body.length;
  for (let at = 0; at < Math.min(most, body.length);) {
    const piece = body.subarray(at, Math.min(at + 65_536, most));
    at += piece.length;
    noted.bytes += piece.length;
    const { promise: written, resolve } = Promise.withResolvers<void>();
    response.once("close", resolve);
    response.write(piece, () => resolve());
    await written;
    response.off("close", resolve);
    if (fault?.kind === "drip") await sleep(fault.pauseMs);
    if (response.destroyed) return;
  }
  if (fault?.kind === "stall") return;
  if (fault?.kind === "cut") return void response.destroy();
  response.end();
}
