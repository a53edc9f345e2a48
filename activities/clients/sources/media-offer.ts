import type { RawMedia } from "./raw-feed.ts";

const mediaTypes = /^(?:audio|video)\/|^application\/(?:ogg|mp4|x-mpegurl)$/i;
const unsaid = /^$|^(?:application|binary)\/octet-stream$|^application\/(?:x-)?(?:force-)?download$/i;
const mediaFiles = /\.(?:aac|aif|aiff|flac|m4a|m4b|m4v|mkv|mov|mp3|mp4|mpeg|mpg|oga|ogg|ogv|opus|wav|webm|wma|wmv)$/i;
const otherFiles = /\.(?:avif|docx?|epub|gif|html?|jpe?g|json|pdf|png|srt|svg|torrent|txt|vtt|webp|zip)$/i;

/** Whether a file that an item offers is sound or video, by its type, else by its name; enclosures of neither may be. */
export function isMedia({ type = "" }: RawMedia, url: URL): boolean {
  const name = type.split(";")[0]?.trim() ?? "";
  if (mediaTypes.test(name)) return true;
  if (!unsaid.test(name)) return mediaFiles.test(url.pathname) && !/^(?:image|text)\//i.test(name);
  return !otherFiles.test(url.pathname);
}
