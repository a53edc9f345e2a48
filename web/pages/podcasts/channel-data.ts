import { isId } from "#domain/ids.ts";
import { channelSnapshot } from "#records/channels/lists.ts";
import type { PrismaClient } from "#records/db.ts";
import { speechOffer } from "#records/speech-offer.ts";
import { languagesOf } from "../../components/uploads/languages.ts";

/** Which page of a list the address asks for; what it cannot mean is the first. */
function pageOf({ searchParams }: URL, name: string): number {
  const page = Number(searchParams.get(name) ?? "1");
  return Number.isInteger(page) && page >= 1 && page <= 1_000_000 ? page : 1;
}

/** What a channel's page shows. Null: there is no such channel, or it is not this person's. */
export async function channelData(prisma: PrismaClient, { userId, id, url }: { userId: string; id: string; url: URL }) {
  const pages = { jobs: pageOf(url, "jobs"), episodes: pageOf(url, "episodes") };
  const snapshot = isId(id) ? await channelSnapshot(prisma, { userId, channelId: id }, pages) : null;
  if (snapshot === null) return null;
  const { channel, canWrite, ...rest } = snapshot;
  const { title, description, siteUrl, language, mode, paused, check } = channel;
  return {
    ...rest,
    canWrite,
    channel: {
      id,
      title,
      description,
      siteUrl,
      language,
      mode,
      paused,
      check,
      url: channel.url,
      shownUrl: channel.shownUrl,
    },
    languages: canWrite ? languagesOf(await speechOffer(prisma)) : [],
  };
}
export type ChannelData = NonNullable<Awaited<ReturnType<typeof channelData>>>;
