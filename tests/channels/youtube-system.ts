import { vi } from "vitest";
import { createAllowedAddresses } from "#activities/clients/allowed-addresses.ts";
import { createGuardedFetch } from "#activities/clients/guarded-fetch.ts";
import type { GuardedFetch } from "#activities/clients/guarded-fetch.ts";
import { createSources } from "#activities/clients/sources/sources.ts";
import { fakeHub } from "#tests/fakes/hub.ts";
import { fakeYoutube } from "#tests/fakes/youtube.ts";
import { fakeYoutubePlayer } from "#tests/fakes/youtube-player.ts";
import { testCache } from "#tests/fixtures/fetch.ts";
import type { TestPerson } from "#tests/web/server.ts";
import { checked, soundFile, startChannels } from "./system.ts";
import type { ChannelAnswer } from "./system.ts";

/** The channel of YouTube's stand-ins. */
export const youtubeId = "UCabcdefghijklmnopqrstuv";

/**
 * The whole system with YouTube on loopback, under YouTube's own addresses: its feed on `site`, its hub, and what the real
 * yt-dlp reads of it on `player`. There is no key.
 */
export async function startYoutubeChannels() {
  const site = await fakeYoutube({ id: youtubeId, handle: "MorningTalks", title: "Morning Talks", videos: [] });
  const player = await fakeYoutubePlayer();
  const hub = await fakeHub();
  vi.stubEnv("SSL_CERT_FILE", player.certificates);
  const allow = ["127.0.0.0/8"];
  const guardedFetch = createGuardedFetch({ allow });
  const toSite: GuardedFetch = (url, limits) =>
    guardedFetch(url.replace("https://www.youtube.com", site.url), { ...limits, operatorUrl: site.url });
  const system = await startChannels({
    sources: createSources({
      guardedFetch: toSite,
      allowedAddresses: createAllowedAddresses({ allow }),
      youtube: {
        apiKey: undefined,
        baseUrl: undefined,
        hubUrl: hub.url,
        ytdlp: { cacheDir: testCache, path: undefined, proxy: player.proxy, log: () => {} },
      },
    }),
  });
  return {
    ...system,
    site,
    player,
    hub,
    async addChannel(person: TestPerson, more: object = {}): Promise<string> {
      const body = { source: "youtube", url: youtubeId, rights: true, ...more };
      const { id } = await person.json<ChannelAnswer>("/api/channels", { method: "POST", body });
      await checked(person, id);
      return id;
    },
    async look(person: TestPerson, id: string): Promise<void> {
      await person.json(`/api/channels/${id}/check`, { method: "POST" });
      // It may start yt-dlp a few times.
      await checked(person, id, 100_000);
    },
    async [Symbol.asyncDispose]() {
      vi.unstubAllEnvs();
      await system[Symbol.asyncDispose]();
      await Promise.all([site, player, hub].map((each) => each[Symbol.asyncDispose]()));
    },
  };
}
export type YoutubeSystem = Awaited<ReturnType<typeof startYoutubeChannels>>;

/**
 * The same with the Data API on loopback, whose key the system has. Its player's answers are another test's; here a video's
 * page is its sound.
 */
export async function startYoutubeByKey() {
  const youtube = await fakeYoutube({ id: youtubeId, handle: "MorningTalks", title: "Morning Talks", videos: [] });
  youtube.state.sound = soundFile();
  const allow = ["127.0.0.0/8"];
  const system = await startChannels({
    sources: createSources({
      guardedFetch: createGuardedFetch({ allow }),
      allowedAddresses: createAllowedAddresses({ allow }),
      youtube: {
        apiKey: youtube.state.apiKey,
        baseUrl: youtube.url,
        ytdlp: { cacheDir: testCache, path: undefined, proxy: undefined, log: () => {} },
      },
    }),
  });
  return {
    ...system,
    youtube,
    async [Symbol.asyncDispose]() {
      await system[Symbol.asyncDispose]();
      await youtube[Symbol.asyncDispose]();
    },
  };
}
