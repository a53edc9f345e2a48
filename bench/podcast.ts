import { episodeIdOf } from "#records/channels/episodes.ts";
import { newId } from "#records/ids.ts";
import { mediaKeys } from "#records/media/media-store.ts";
import { latencyFigures, nowMs } from "./measure.ts";
import type { Scenario } from "./scenario.ts";
import type { Stack } from "./stack/stack.ts";

const items = 1_000;

/** What apps cost that ask for a long podcast's feed again and again: the first time, as it is known, and unchanged. */
export const podcast: Scenario = {
  name: "podcast",
  title: `A podcast's feed of ${items.toLocaleString("en")} episodes`,
  async run({ short, stack: ready }) {
    const stack = await ready();
    const url = `${stack.url}/podcasts/${await newPodcast(stack)}/feed.xml`;
    const first = await read(url);
    const found = first.text.split("<item>").length - 1;
    if (found !== items) throw new Error(`The feed has ${found} items`);
    const count = short ? 20 : 200;
    const [whole, unchanged]: [number[], number[]] = [[], []];
    for (let index = 0; index < count; index += 1) {
      whole.push((await read(url)).ms);
      const answer = await read(url, { "if-none-match": first.etag });
      if (answer.status !== 304) throw new Error(`The feed answered ${answer.status} to who has it`);
      unchanged.push(answer.ms);
    }
    return [
      { label: "bytes of the feed", value: first.text.length / 1024 / 1024, unit: "MB" },
      { label: "written for the first who asks", value: first.ms, unit: "ms", target: 2_000 },
      ...latencyFigures("whole, packed", whole, 500),
      ...latencyFigures("unchanged (304)", unchanged, 250),
    ];
  },
};

async function read(url: string, headers: Record<string, string> = {}) {
  const startedAt = nowMs();
  const answer = await fetch(url, { headers });
  const text = await answer.text();
  return { status: answer.status, text, etag: answer.headers.get("etag") ?? "", ms: nowMs() - startedAt };
}

/** A channel whose episodes are all out. They share one file: it is looked for as often as if each had its own. */
async function newPodcast(stack: Stack): Promise<string> {
  const { prisma } = stack.database;
  const { userId: ownerId, workspaceId } = stack.person;
  const [channelId, key] = [newId(), newId()];
  const audioKey = mediaKeys(await uploadSound(stack)).original;
  const address = { source: "feed", url: "https://podcast.example.com/feed.xml" };
  await prisma.channel.create({
    data: { id: channelId, workspaceId, ownerId, ...address, title: "Bench", key, pausedAt: new Date() },
  });
  const videos = Array.from({ length: items }, (_, index) => ({
    id: newId(),
    channelId,
    externalId: `item-${index}`,
    title: `Episode ${index}`,
    publishedAt: new Date(Date.UTC(2020, 0, index + 1)),
  }));
  await prisma.video.createMany({ data: videos });
  await prisma.episode.createMany({
    data: videos.map(({ id, title, publishedAt }) => ({
      id: episodeIdOf(id),
      channelId,
      videoId: id,
      state: "published",
      title,
      description: "What this talk is about, and who speaks in it. ".repeat(10),
      audioKey,
      audioType: "audio/mpeg",
      audioBytes: 40_000_000n,
      durationMs: 2_400_000,
      originalDate: publishedAt,
      publishedAt: new Date(),
    })),
  });
  return key;
}

async function uploadSound({ url, person }: Stack): Promise<string> {
  const form = new FormData();
  form.set("file", new Blob([Buffer.from(newId())]), "bench.wav");
  const headers = { cookie: person.cookie, origin: person.origin };
  const answer = await fetch(`${url}/api/recordings`, { method: "POST", headers, body: form });
  if (!answer.ok) throw new Error(`The sound was not taken: ${answer.status}`);
  return ((await answer.json()) as { id: string }).id;
}
