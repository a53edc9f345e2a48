import { parseRssFeed } from "feedsmith";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createLog } from "#records/log.ts";
import { rssOf } from "#tests/fakes/podcast-feed.ts";
import { addChannel, checked, jobsBecome, soundFile, startChannels } from "./system.ts";
import type { ChannelSystem } from "./system.ts";

let system: ChannelSystem;
const logged: string[] = [];
beforeAll(async () => {
  const log = createLog({ name: "worker", level: "info" }, { write: (line) => void logged.push(line) });
  system = await startChannels({ log });
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

test("an episode whose source's file of chapters cannot be had says why, by API, in its run and in the log", async () => {
  const { host, web, db } = system;
  host.state.feed = null;
  const ann = await web.signUp();
  const { host: name } = new URL(host.url);
  const more = `<podcast:chapters url="${host.url}/gone.json?key=secret" type="application/json+chapters"/>`;
  const item = { guid: "a", title: "Talk", file: "a.wav", type: "audio/wav", publishedAt: new Date(), more };
  host.add(item, soundFile());
  const { id } = await addChannel(ann, host.feedUrl, { last: 1 });
  const [job] = await jobsBecome(ann, id, { Talk: "completed" }, 100_000);
  const { decision } = await ann.json<{ decision: { chaptersNote: string } }>(`/agents/${id}/jobs/${job?.id}`);
  const why = `The source's own chapters are missing, since ${name} answered 404; the episode has none.`;
  expect(decision.chaptersNote).toBe(why);
  expect((await db.prisma.run.findUniqueOrThrow({ where: { id: job?.id ?? "" } })).warnings).toEqual([why]);
  const lines = logged.filter((line) => line.includes("[Chapters]"));
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
    { level: 40, videoId: job?.videoId, code: "missing", host: name },
  ]);
  expect(logged.join("")).not.toContain("key=secret");
});
