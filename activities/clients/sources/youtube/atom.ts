import { parseFeed } from "feedsmith";
import type { SourceDescription } from "#domain/channels/source.ts";
import { channelAddress, isVideoId, videoAddress } from "#domain/channels/youtube.ts";
import { deletedIn, youtubeIdOf } from "#records/channels/tombstones.ts";
import { describeFeed } from "../describe-feed.ts";
import { rawFeedOf } from "../raw-feed.ts";
import { SourceFailed } from "../source-failed.ts";

/** The address by which YouTube's hub and its feed know a channel. */
export const topicOf = (site: string, channelId: string): string =>
  `${site}/feeds/videos.xml?channel_id=${encodeURIComponent(channelId)}`;

/** A channel as its Atom feed tells of it: its newest fifteen videos, without their length and whether they are over. */
export function describeAtom(xml: string, { url, channelId }: { url: string; channelId: string }): SourceDescription {
  const raw = read(xml, url);
  const items = raw.items
    .map((item) => ({ ...item, id: youtubeIdOf(item.id) }))
    .filter(({ id }) => isVideoId(id))
    .map((item) => ({
      ...item,
      page: videoAddress(item.id),
      // What the feed offers as its file has not been playable for years.
      media: [{ url: videoAddress(item.id), type: "video/*" }],
    }));
  const deleted = deletedIn("youtube", xml);
  const site = channelAddress(channelId);
  return describeFeed({ ...raw, site, items }, { url, deleted });
}

function read(xml: string, url: string) {
  try {
    return rawFeedOf(parseFeed(xml));
  } catch (cause) {
    throw new SourceFailed(/^\s*<!doctype html/i.test(xml) ? "server_error" : "damaged", url, { cause });
  }
}
