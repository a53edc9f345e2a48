import { readFile } from "node:fs/promises";
import { io } from "socket.io-client";
import { expect } from "vitest";
import { createBackfillActivities } from "#activities/channels/backfill.ts";
import { createChannelCheckActivities } from "#activities/channels/check.ts";
import { createCutActivities } from "#activities/channels/cut.ts";
import { createReviewActivities } from "#activities/channels/review.ts";
import { createVideoActivities } from "#activities/channels/video.ts";
import { createGuardedFetch } from "#activities/clients/guarded-fetch.ts";
import type { Diarize } from "#activities/clients/speech/diarize.ts";
import { createMediaActivities } from "#activities/media.ts";
import { createSpeechDetectionActivities } from "#activities/speech-detection.ts";
import type { FindStretches } from "#activities/speech-detection.ts";
import { createSpeechActivities } from "#activities/speech.ts";
import type { ActivityDeps } from "#activities/index.ts";
import type { ChannelRoomEvent } from "#domain/channels/events.ts";
import type { MediaStore } from "#records/media/media-store.ts";
import { stubEngine, stretchAt } from "#tests/activities/speech/stub-engine.ts";
import { fakePodcastHost } from "#tests/fakes/podcast-host.ts";
import { startMeetings } from "#tests/meetings/system.ts";
import type { TestPerson } from "#tests/web/server.ts";

export interface JobAnswer {
  id: string;
  videoId: string;
  videoTitle: string;
  status: string;
  stage: string;
  progress: number;
  error: { code: string; message: string } | null;
}

export interface ChannelAnswer {
  id: string;
  title: string;
  feedUrl: string;
  check: { state: string; problem: { code: string; message: string } | null };
}

export const spoken = await readFile(new URL("../fixtures/two-cities.wav", import.meta.url));
const headerBytes = 44;
const seconds = 4;

/** A few seconds of speech as a WAV file of 16 kHz. */
export function soundFile(): Buffer {
  const file = Buffer.from(spoken.subarray(0, headerBytes + seconds * 32_000));
  file.writeUInt32LE(file.length - 8, 4);
  file.writeUInt32LE(file.length - headerBytes, 40);
  return file;
}

// What is said is not what these tests are about: every file has the same words.
const engine = stubEngine(async () => ({
  recognise: async ({ start, end }) => [{ text: "We decided to meet again on Monday.", start, end }],
  close: async () => undefined,
}));
const oneStretch: FindStretches = async () => ({ stretches: [stretchAt(0)], next: null });
const diarize: Diarize = async () => ({
  turns: [{ speaker: 1, start: 1, end: 3 }],
  speakers: 1,
  method: "embedded",
  note: "",
});

/** Web server, worker and Temporal, with a podcast's host on loopback. */
export async function startChannels({
  listens = engine,
  findStretches = oneStretch,
  around = (media) => media,
  ...more
}: {
  listens?: typeof engine;
  findStretches?: FindStretches;
  /** What the worker's stages have in place of the media store. */
  around?: (media: MediaStore) => MediaStore;
} & Partial<ActivityDeps> = {}) {
  const host = await fakePodcastHost();
  const system = await startMeetings({
    activities: {
      speech: { engine: listens, diarize, findStretches, centsPerMinute: 0 },
      guardedFetch: createGuardedFetch({ allow: ["127.0.0.0/8"] }),
      mediaLimits: { maxDurationSeconds: 3600, deadlineMs: 300_000, maxRssMb: 1024 },
      downloadLimits: { fileBytes: 8 * 1024 ** 2, ownerBytes: 1024 ** 3 },
      ...more,
    },
    doesHeavy: true,
    sharesMedia: true,
    moreActivities(given) {
      const deps = { ...given, media: around(given.media) };
      return {
        ...createMediaActivities(deps),
        ...createSpeechDetectionActivities(deps),
        ...createSpeechActivities(deps),
        ...createChannelCheckActivities(deps),
        ...createVideoActivities(deps),
        ...createCutActivities(deps),
        ...createReviewActivities(deps),
        ...createBackfillActivities(deps),
      };
    },
  });
  return {
    ...system,
    host,
    async [Symbol.asyncDispose]() {
      await system[Symbol.asyncDispose]();
      await host[Symbol.asyncDispose]();
    },
  };
}
export type ChannelSystem = Awaited<ReturnType<typeof startChannels>>;

export const addChannel = (person: TestPerson, url: string, more: object = {}) =>
  person.json<ChannelAnswer>("/api/channels", {
    method: "POST",
    body: { source: "feed", url, rights: true, ...more },
  });

export const jobsOf = async (person: TestPerson, channelId: string) =>
  (await person.json<{ jobs: JobAnswer[] }>(`/agents/${channelId}/jobs`)).jobs;

export const channel = (person: TestPerson, id: string) => person.json<ChannelAnswer>(`/api/channels/${id}`);

/** Waits until a channel's jobs are these, by title and status; the newest first. */
export async function jobsBecome(
  person: TestPerson,
  channelId: string,
  wanted: Record<string, string>,
  timeout = 30_000,
) {
  const read = async () => {
    const jobs = await jobsOf(person, channelId);
    return Object.fromEntries(jobs.map(({ videoTitle, status }) => [videoTitle, status]));
  };
  await expect.poll(read, { timeout }).toEqual(wanted);
  return jobsOf(person, channelId);
}

/** Waits until a channel was looked at since it was last asked for. */
export async function checked(person: TestPerson, id: string, timeout = 30_000): Promise<void> {
  await expect.poll(async () => (await channel(person, id)).check.state, { timeout }).toBe("ok");
}

/** The rows' own client: a socket that says `subscribe:agent` whenever it connects, and notes what it is told. */
export function roomClient({ url, token }: { url: string; token: string }, agentId: string) {
  const events: ChannelRoomEvent[] = [];
  const socket = io(url, { transports: ["websocket"], auth: { agentId, token } });
  socket.on("connect", () => socket.emit("subscribe:agent", agentId));
  socket.onAny((name: ChannelRoomEvent["name"], data) => events.push({ name, data }));
  return {
    socket,
    events,
    named: (name: ChannelRoomEvent["name"]) => events.filter((event) => event.name === name).map(({ data }) => data),
    [Symbol.dispose]: () => void socket.disconnect(),
  };
}
