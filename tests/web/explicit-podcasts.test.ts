import { parseRssFeed } from "feedsmith";
import { expect, test } from "vitest";
import { changeEpisode } from "#records/channels/episodes.ts";
import { upsertVideos } from "#records/channels/videos.ts";
import { addChannelRows } from "#tests/channels/channel-fixtures.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import type { TestWeb } from "./server.ts";
import { shareWeb } from "./shared-web.ts";

let db: TestDatabase;
let web: TestWeb;
shareWeb((made) => ({ db, web } = made));

test("an episode that its source marks as explicit is told to apps as such, and so is its podcast", async () => {
  const { prisma } = db;
  const ann = await web.signUp();
  const { channel, queued, episode } = await addChannelRows(prisma, ann);
  await web.deps.media.putText(`conversations/${queued}/episode-1.mp3`, "sound");
  await changeEpisode(prisma, { userId: ann.userId, id: episode }, "publish");
  const { feedUrl } = await ann.json<{ feedUrl: string }>(`/api/channels/${channel}`);
  const marks = async () => {
    const { itunes, items = [] } = parseRssFeed(await (await fetch(feedUrl)).text());
    return [itunes?.explicit, ...items.map((item) => item.itunes?.explicit)];
  };
  expect(await marks()).toEqual([false, false]);
  const video = await prisma.video.findUniqueOrThrow({ where: { id: queued } });
  const listed = { ...video, mediaUrl: "https://podcast.example.com/1.mp3", mediaBytes: null, chapters: null };
  await upsertVideos(prisma, channel, [{ ...listed, isExplicit: true }]);
  // A feed that was written already is kept for minutes, or until an episode changes.
  await changeEpisode(prisma, { userId: ann.userId, id: episode }, "withdraw");
  await changeEpisode(prisma, { userId: ann.userId, id: episode }, "publish");
  expect(await marks()).toEqual([true, true]);
});
