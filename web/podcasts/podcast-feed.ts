import { v5 } from "uuid";
import { coverName } from "#domain/channels/channel-file.ts";
import { categoryPath } from "#domain/channels/category.ts";
import { podcastFeed } from "#domain/channels/podcast-xml.ts";
import type { PodcastItem } from "#domain/channels/podcast-xml.ts";
import { isListenersKey } from "#records/channels/listeners.ts";
import { chapteredRevisions, publishedEpisodes } from "#records/channels/podcasts.ts";
import type { PodcastRow, PublishedEpisode } from "#records/channels/podcasts.ts";
import { namedSpeakers } from "#records/channels/speakers.ts";
import type { WebDeps } from "../deps.ts";
import { feedAddress } from "./feed-address.ts";
import { transcriptTypes } from "./transcripts.ts";

/** More than apps show; a feed of them is some 3 MB. */
const mostItems = 3_000;
/** As many files as are looked for at once, where each look is a request to a store of objects. */
const looksAtOnce = 20;

/** The podcast namespace's own for `podcast:guid`. It is made of the channel's id, so that no address changes it. */
const podcastNamespace = "ead4c236-bf58-58c6-a2c6-a6b28d128cb6";

/** A channel's feed as it stands, for the address with this key. An episode whose file is not there is left out; all others are given all the same. */
export async function writeFeed(
  { prisma, media, env }: Pick<WebDeps, "prisma" | "media" | "env">,
  channel: PodcastRow,
  { key, changedAt }: { key: string; changedAt: Date },
): Promise<string> {
  const episodes = await present(media, await publishedEpisodes(prisma, channel.id, mostItems));
  const folder = `${env.PUBLIC_URL}/podcasts/${key}`;
  const [cover] = channel.files;
  const chaptered = await chapteredRevisions(prisma, channel.id);
  // What a person says goes before what the source says.
  const language = channel.language ?? channel.sourceLanguage;
  const speakers = await namedSpeakers(prisma, channel.id);
  const items = episodes.map((episode) => {
    const hasChapters = chaptered.has(`${episode.videoId}-${episode.revision}`);
    return itemOf(episode, { folder, language, hasChapters, speakers: speakers.get(episode.id) ?? [] });
  });
  return podcastFeed({
    guid: v5(channel.id, podcastNamespace),
    feedUrl: feedAddress(env.PUBLIC_URL, key),
    hubUrl: null,
    title: channel.title,
    description: channel.description || channel.title,
    siteUrl: webAddress(channel.siteUrl) ?? env.PUBLIC_URL,
    language,
    author: channel.author ?? channel.sourceAuthor ?? channel.title,
    imageUrl: cover === undefined ? webAddress(channel.imageUrl) : `${folder}/${coverName(cover)}`,
    category: categoryPath(channel.category),
    // Directories want it said of the podcast where it is so of an episode.
    isExplicit: items.some(({ isExplicit }) => isExplicit),
    lockedOwner: channel.ownerEmail,
    medium: "podcast",
    persons: [],
    isPrivate: isListenersKey(key),
    changedAt,
    items: items.toSorted((a, b) => b.publishedAt.getTime() - a.publishedAt.getTime()),
  });
}

async function present(media: WebDeps["media"], episodes: PublishedEpisode[]): Promise<PublishedEpisode[]> {
  const there: PublishedEpisode[] = [];
  for (let at = 0; at < episodes.length; at += looksAtOnce) {
    const part = episodes.slice(at, at + looksAtOnce);
    const sizes = await Promise.all(part.map(({ audioKey }) => media.size(audioKey)));
    there.push(...part.filter((_episode, index) => sizes[index] !== null));
  }
  return there;
}

interface Around {
  folder: string;
  language: string | null;
  hasChapters: boolean;
  speakers: string[];
}

function itemOf(episode: PublishedEpisode, { folder, language, hasChapters, speakers }: Around): PodcastItem {
  const { id, revision, audioBytes, audioType, publishedAt, originalDate, video } = episode;
  const file = `${folder}/${id}-${revision}`;
  return {
    guid: id,
    title: episode.title,
    description: episode.description,
    pageUrl: webAddress(video.pageUrl),
    publishedAt: dateOf(publishedAt ?? new Date(0), originalDate),
    audio: { url: `${file}.mp3`, bytes: Number(audioBytes), type: audioType },
    durationSeconds: episode.durationMs / 1000,
    imageUrl: webAddress(video.imageUrl),
    isExplicit: video.isExplicit ?? false,
    transcripts: Object.entries(transcriptTypes).map(([end, type]) => ({ url: `${file}.${end}`, type, language })),
    chaptersUrl: hasChapters ? `${file}.chapters.json` : null,
    // Nobody says who is a host and who a guest.
    persons: speakers.map((name) => ({ name, role: null })),
  };
}

/** Episodes of old videos stand where these did, but none in the future, where apps would not show it. */
const dateOf = (published: Date, original: Date | null): Date =>
  original !== null && original < published ? original : published;

/** An address of a source's, if it is one that apps can follow. */
const webAddress = (url: string | null): string | null =>
  url !== null && URL.canParse(url) && /^https?:/i.test(url) ? url : null;
