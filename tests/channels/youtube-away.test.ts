import { afterAll, beforeAll, expect, test } from "vitest";
import { channel, jobsBecome, jobsOf, soundFile } from "./system.ts";
import { startYoutubeChannels } from "./youtube-system.ts";
import type { YoutubeSystem } from "./youtube-system.ts";

let system: YoutubeSystem;
beforeAll(async () => {
  system = await startYoutubeChannels();
});
afterAll(() => system[Symbol.asyncDispose]());

test("while YouTube's feed is away a new video becomes a job by the uploads' list, and what is old stays where it was", async () => {
  const ann = await system.web.signUp();
  const longAgo = new Date("2024-05-01T10:00:00Z");
  const [old, hidden, fresh] = ["old-0000001", "hidden-0001", "fresh-00001"];
  const { site, player } = system;
  site.state.channel.videos = [{ id: old, title: "Old", publishedAt: longAgo, description: "As it was." }];
  const id = await system.addChannel(ann);
  const look = () => system.look(ann, id);

  // Two are new in the list: one was published now, the other was private for years.
  site.state.feedStatus = 404;
  const publishedAt = new Date();
  player.state.uploads = [
    { id: fresh, title: "Fresh" },
    { id: hidden, title: "Hidden" },
    { id: old, title: "Old" },
  ];
  player.videos.set(fresh, { title: "Fresh", sound: soundFile(), uploadDate: publishedAt.toISOString() });
  player.videos.set(hidden, { title: "Hidden", sound: soundFile(), uploadDate: longAgo.toISOString() });
  await look();
  await jobsBecome(ann, id, { Fresh: "completed" }, 100_000);
  const idle = async () =>
    (await ann.json<{ items: { title: string; state: string }[] }>(`/api/channels/${id}/videos`)).items;
  expect(await idle()).toMatchObject([
    { title: "Hidden", state: "discovered" },
    { title: "Old", state: "discovered" },
  ]);
  const { prisma } = system.db;
  const row = (externalId: string) => prisma.video.findFirstOrThrow({ where: { channelId: id, externalId } });
  // What the feed told of before is not worse known than it was.
  expect(await row(old)).toMatchObject({ publishedAt: longAgo, description: "As it was." });
  expect(await channel(ann, id)).toMatchObject({ title: "Morning Talks", check: { state: "ok", problem: null } });

  // The next look asks for no video's page again; and the feed, back again, makes no second job of any.
  const watched = () => player.requests.filter(({ path }) => path === "/watch").length;
  const before = watched();
  await look();
  expect(watched()).toBe(before);
  site.state.feedStatus = 200;
  site.state.channel.videos = [
    { id: fresh, title: "Fresh", publishedAt },
    { id: hidden, title: "Hidden", publishedAt: longAgo },
    { id: old, title: "Old", publishedAt: longAgo },
  ];
  await look();
  expect(await prisma.video.count({ where: { channelId: id } })).toBe(3);
  expect(await jobsOf(ann, id)).toHaveLength(1);
}, 400_000);
