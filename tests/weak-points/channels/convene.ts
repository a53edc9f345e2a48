import { createAllowedAddresses } from "#activities/clients/allowed-addresses.ts";
import { createGuardedFetch } from "#activities/clients/guarded-fetch.ts";
import { createSources } from "#activities/clients/sources/sources.ts";
import { createLiveClient } from "#web/live-client/live-client.ts";
import type { LiveClient } from "#web/live-client/live-client.ts";
import { watchJobs } from "#bench/naive/channels/client.ts";
import type { JobsClient } from "#bench/naive/channels/client.ts";
import { stubEngine } from "#tests/activities/speech/stub-engine.ts";
import { noYtdlp } from "#tests/activities/sources/feed-setup.ts";
import { addChannel, checked, jobsOf, soundFile, startChannels } from "#tests/channels/system.ts";
import type { TestPerson } from "#tests/web/server.ts";
import { componentOn } from "./component.ts";
import { createSteps } from "./steps.ts";
import type { JobsSystem, Person } from "./system.ts";

const allow = ["127.0.0.0/8"];

/** Convene behind the operations of the scenarios; only the podcast's host and the recogniser are stand-ins. */
export async function startConveneJobs(): Promise<JobsSystem> {
  const steps = createSteps();
  const guardedFetch = createGuardedFetch({ allow });
  const sources = createSources({
    guardedFetch,
    allowedAddresses: createAllowedAddresses({ allow }),
    youtube: { apiKey: undefined, baseUrl: undefined, ytdlp: noYtdlp },
  });
  const system = await startChannels({
    sources: {
      ...sources,
      feed: {
        ...sources.feed,
        async fetchMedia(media) {
          await steps.meet("download");
          return sources.feed.fetchMedia(media);
        },
      },
    },
    findStretches: async () => ({
      stretches: [
        { start: 0.5, end: 1.5, quiet: [] },
        { start: 2.5, end: 3.5, quiet: [] },
      ],
      next: null,
    }),
    listens: stubEngine(async () => ({
      async recognise({ start, end }) {
        await steps.meet("analysis");
        return [{ text: start < 2 ? "We decided to meet" : "again on Monday.", start, end }];
      },
      close: async () => undefined,
    })),
    around: (media) => ({
      ...media,
      async putFile(key, path) {
        if (key.includes("/episode-")) await steps.meet("upload");
        return media.putFile(key, path);
      },
    }),
  });
  const { host, web } = system;
  const people: Record<Person, TestPerson> = { owner: system.owner, stranger: await web.signUp() };
  const clients: JobsClient[] = [];
  const screens: LiveClient[] = [];
  let files = 0;
  const add = (title: string, publishedAt: Date) => {
    files += 1;
    host.add({ guid: `video-${files}`, title, file: `${files}.wav`, publishedAt, type: "audio/wav" }, soundFile());
  };
  return {
    // Retries wait their time, and this machine may be busy with something else.
    patienceMs: 60_000,
    async addAgent() {
      const { id } = await addChannel(people.owner, host.feedUrl);
      await checked(people.owner, id);
      return id;
    },
    lay: (title) => add(title, new Date("2024-05-01T10:00:00Z")),
    async publish(agentId, title) {
      add(title, new Date());
      await people.owner.json(`/api/channels/${agentId}/check`, { method: "POST" });
    },
    async backfill(agentId) {
      await people.owner.json(`/agents/${agentId}/backfills`, { method: "POST", body: { since: "2024-01-01" } });
    },
    loseSource: () => void (host.state.feedFault = { kind: "status", status: 410 }),
    ...steps,
    async wordsOf(agentId) {
      const [job] = await jobsOf(people.owner, agentId);
      const { segments } = await people.owner.json<{ segments: { text: string }[] }>(
        `/api/recordings/${job?.videoId}/transcript`,
      );
      return segments.map(({ text }) => text).join(" ");
    },
    watch(agentId, who = "owner") {
      const client = watchJobs(web.url, agentId, { token: people[who].token });
      clients.push(client);
      return client;
    },
    screen() {
      const client = createLiveClient({ url: web.url, token: async () => people.owner.token });
      screens.push(client);
      return { mount: (agentId) => componentOn(client, agentId) };
    },
    async ask(path, who = "owner") {
      const response = await fetch(`${web.url}${path}`, { headers: people[who].headers });
      return { status: response.status, body: await response.json().catch(() => null) };
    },
    async [Symbol.asyncDispose]() {
      steps.release();
      for (const client of clients) client.disconnect();
      for (const screen of screens) screen.close();
      await system[Symbol.asyncDispose]();
    },
  };
}
