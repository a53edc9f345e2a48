import { parseRssFeed } from "feedsmith";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rssOf } from "#tests/fakes/podcast-feed.ts";
import { addChannel, checked, startChannels } from "./system.ts";
import type { ChannelSystem } from "./system.ts";

let system: ChannelSystem;
beforeAll(async () => {
  system = await startChannels();
});
afterAll(() => system[Symbol.asyncDispose]());

test("a podcast has its source's author and language as they are now, and a person's own instead", async () => {
  const { host, web } = system;
  const ann = await web.signUp();
  const { id, feedUrl } = await addChannel(ann, host.feedUrl);
  await checked(ann, id);
  const said = async () => {
    const feed = parseRssFeed(await (await fetch(feedUrl)).text());
    return [feed.itunes?.author, feed.language];
  };
  const settle = (body: object) => ann.json(`/api/channels/${id}`, { method: "PATCH", body });
  const sourceSays = async (author: string, language: string) => {
    const feed = rssOf([], { url: host.url, hub: null })
      .replace(/<itunes:author>.*<\/itunes:author>/, author)
      .replace(/<language>.*<\/language>/, language);
    host.state.feed = { body: feed, type: "application/rss+xml" };
    await ann.json(`/api/channels/${id}/check`, { method: "POST" });
    await checked(ann, id);
  };
  expect(await said()).toEqual(["Ada Example", "en"]);
  await sourceSays("<itunes:author>Bo &amp; Cy</itunes:author>", "<language>de-ch</language>");
  expect(await said()).toEqual(["Bo & Cy", "de-CH"]);

  await settle({ author: "Our own", language: "sv" });
  await sourceSays("<itunes:author>Dee</itunes:author>", "<language>fr</language>");
  expect(await said()).toEqual(["Our own", "sv"]);
  expect(await settle({ author: null, language: null })).toMatchObject({ author: null, language: null });
  expect(await said()).toEqual(["Dee", "fr"]);

  // Whose source says neither has the channel's name, and no language, since it may be left out.
  await sourceSays("", "<language>und</language>");
  expect(await said()).toEqual(["Morning Talks", undefined]);
});
