import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFetchMedia } from "#activities/clients/sources/fetch-media.ts";
import { fakePodcastHost } from "#tests/fakes/podcast-host.ts";
import { guardedFetch, signal } from "./feed-setup.ts";

export const megabyte = 1_000_000;

/** Bytes that are different at each place. */
export const soundOf = (bytes: number, seed = 1): Buffer => {
  const sound = Buffer.alloc(bytes);
  for (let at = 0, state = seed; at < bytes; at += 1) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    sound[at] = state >> 16;
  }
  return sound;
};

/** A podcast's host with one file, and a folder that it is fetched into. */
export async function startMedia(sound: Buffer, limits: { mostBytes?: number; stallMs?: number } = {}) {
  const host = await fakePodcastHost();
  host.keep("talk.mp3", sound);
  const folder = await mkdtemp(join(tmpdir(), "convene-media-"));
  const into = join(folder, "talk");
  const url = host.mediaUrl("talk.mp3");
  const { mostBytes = 20 * megabyte, ...times } = limits;
  const fetchMedia = createFetchMedia({ guardedFetch, ...times });
  const progress: number[] = [];
  return {
    host,
    into,
    url,
    progress,
    fetch: (from = url, within = signal()) =>
      fetchMedia({ url: from, into, mostBytes, signal: within, onProgress: ({ bytes }) => void progress.push(bytes) }),
    kept: () => readFile(into),
    requests: () => host.requestsOf("/media/talk.mp3"),
    async [Symbol.asyncDispose]() {
      await host[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}
