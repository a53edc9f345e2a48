import { isId } from "#domain/ids.ts";
import { listenersOf } from "#records/channels/listeners.ts";
import { channelSnapshot } from "#records/channels/lists.ts";
import { recordingsFor } from "#records/channels/uploads.ts";
import type { PrismaClient } from "#records/db.ts";
import { speechOffer } from "#records/speech-offer.ts";
import type { Actor } from "../context.ts";
import { feedAddress } from "../../podcasts/feed-address.ts";
import { languagesOf } from "../../components/uploads/languages.ts";

/** Which page of a list the address asks for; what it cannot mean is the first. */
function pageOf({ searchParams }: URL, name: string): number {
  const page = Number(searchParams.get(name) ?? "1");
  return Number.isInteger(page) && page >= 1 && page <= 1_000_000 ? page : 1;
}

/** As many recordings as are offered to be put into a channel. */
const mostRecordings = 100;

/** What a channel's page shows. Null: there is no such channel, or it is not this person's. */
export async function channelData(
  prisma: PrismaClient,
  { actor, id, url, maxBytes, publicUrl }: { actor: Actor; id: string; url: URL; maxBytes: number; publicUrl: string },
) {
  const userId = actor.id;
  const pages = { jobs: pageOf(url, "jobs"), episodes: pageOf(url, "episodes") };
  const snapshot = isId(id) ? await channelSnapshot(prisma, { userId, channelId: id }, pages) : null;
  if (snapshot === null) return null;
  const { channel, canWrite, ...rest } = snapshot;
  const { title, description, siteUrl, language, mode, category, paused, check, source, filters, withdrawsDeleted } =
    channel;
  const recordings = canWrite && source === "upload" ? await recordingsFor(prisma, channel, mostRecordings) : null;
  return {
    ...rest,
    canWrite,
    /** Whether this person may have a closed source tried again, which is for all channels. */
    canOpen: actor.role === "admin",
    /** What may be put into it; null where it takes no files, or none of this person's. */
    uploads: recordings && {
      maxBytes,
      recordings: recordings.map((each) => ({ id: each.id, title: each.conversation.title })),
    },
    channel: {
      id,
      source,
      filters,
      withdrawsDeleted,
      title,
      description,
      siteUrl,
      language,
      mode,
      category,
      author: channel.author,
      sourceAuthor: channel.sourceAuthor,
      ownerEmail: channel.ownerEmail,
      visibility: channel.visibility,
      intro: channel.intro,
      outro: channel.outro,
      cover: channel.cover,
      imageUrl: channel.imageUrl,
      reviewDays: channel.reviewDays,
      reviewThen: channel.reviewThen,
      keepEpisodes: channel.keepEpisodes,
      originalsDays: channel.originalsDays,
      paused,
      check,
      url: channel.url,
      shownUrl: channel.shownUrl,
      feedUrl: feedAddress(publicUrl, channel.key),
    },
    listeners: canWrite ? await listenersOf(prisma, { userId, channelId: id }) : [],
    languages: canWrite ? languagesOf(await speechOffer(prisma)) : [],
  };
}
export type ChannelData = NonNullable<Awaited<ReturnType<typeof channelData>>>;
