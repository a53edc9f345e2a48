import { ChannelFilters } from "#domain/channels/filters.ts";
import type { ListedFeed } from "#domain/channels/opml.ts";
import { youtubeAddress } from "#domain/channels/youtube.ts";
import { feedUrl, tooManyChannels } from "#domain/inputs/channel.ts";
import type { FeedImport } from "#domain/inputs/opml.ts";
import { cleanLine, cut, textLimits } from "#domain/text.ts";
import type { PrismaClient } from "../db.ts";
import { createChannelIn } from "./channels.ts";

export const importResults = ["added", "skipped", "refused"] as const;

/** What came of one feed of a list. */
export interface ImportedFeed {
  title: string;
  url: string;
  result: (typeof importResults)[number];
  /** What it became, or what it is already; null: neither. */
  channelId: string | null;
  /** Why it was not added; empty where it was. */
  message: string;
}

interface Import extends Pick<FeedImport, "language" | "mode"> {
  userId: string;
  workspaceId: string;
  /** Where this server is reached. */
  publicUrl: string;
}

/**
 * Makes a channel of each feed of a list that its workspace has not yet. Each by itself: whoever asks again after an
 * interruption adds what is missing.
 */
export async function importFeeds(
  prisma: PrismaClient,
  into: Import,
  feeds: readonly ListedFeed[],
): Promise<ImportedFeed[]> {
  const done: ImportedFeed[] = [];
  for (const { title, url } of feeds) {
    const shown = { title: cut(cleanLine(title), textLimits.title), url: cut(cleanLine(url), 2_000) };
    done.push({ ...shown, ...(await importFeed(prisma, into, url)) });
  }
  return done;
}

type Came = Omit<ImportedFeed, "title" | "url">;

const not = (result: "skipped" | "refused", message: string, channelId: string | null = null): Came => ({
  result,
  message,
  channelId,
});

async function importFeed(prisma: PrismaClient, into: Import, said: string): Promise<Came> {
  const address = feedUrl.safeParse(said);
  if (!address.success) return not("refused", address.error.issues[0]?.message ?? "This is no address.");
  const { userId, workspaceId, language, mode, publicUrl } = into;
  if (address.data.startsWith(`${publicUrl}/podcasts/`)) return not("skipped", "It is a podcast of this server.");
  const youtube = youtubeAddress(address.data);
  const url = youtube ?? address.data;
  return prisma.$transaction(async (tx) => {
    // Whoever brings the same list at once finds what the other has added.
    await tx.$queryRaw`SELECT 1 FROM workspace WHERE id = ${workspaceId}::uuid FOR UPDATE`;
    const known = await tx.channel.findFirst({
      where: { workspaceId, url: { in: sameAs(url) } },
      select: { id: true },
    });
    if (known !== null) return not("skipped", "The workspace has it already.", known.id);
    const source = youtube === null ? "feed" : "youtube";
    const filters = ChannelFilters.parse({});
    const draft = { source, url, title: null, language, mode, filters, startsLast: 0 } as const;
    const channelId = await createChannelIn(tx, { ...draft, userId, workspaceId });
    return channelId === null ? not("refused", tooManyChannels) : { result: "added", channelId, message: "" };
  });
}

/** An address with and without what lists of feeds write unlike: the scheme, and a slash at the end. */
function sameAs(url: string): string[] {
  const bare = url.replace(/^https?:\/\//i, "").replace(/\/$/, "");
  return ["https://", "http://"].flatMap((scheme) => [`${scheme}${bare}`, `${scheme}${bare}/`]).concat(url);
}
