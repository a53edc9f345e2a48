import { createHash } from "node:crypto";
import { Parser } from "htmlparser2";
import type { SourceKind } from "#domain/channels/source.ts";
import { isVideoId } from "#domain/channels/youtube.ts";
import { cleanLine } from "#domain/text.ts";

const mostTombstones = 5_000;
const longestId = 500;
/** No feed is as deep; a parser looks for each end among all that is open. */
const deepest = 200;

/** The id by which an item of a feed is kept, from what its source calls it. */
export function externalIdOf(id: string): string {
  const clean = cleanLine(id);
  return clean.length <= longestId ? clean : `sha256:${createHash("sha256").update(clean).digest("hex")}`;
}

/** A video's id, as YouTube's feeds write it. */
export const youtubeIdOf = (said: string | undefined): string => said?.replace(/^yt:video:/, "") ?? "";

/** The ids of items that a feed, or what a hub pushed of it, tells to be deleted, as they are kept. */
export const deletedIn = (source: SourceKind, xml: string): string[] =>
  source === "youtube" ? tombstonesOf(xml).map(youtubeIdOf).filter(isVideoId) : tombstonesOf(xml).map(externalIdOf);

/** The ids of entries that a feed tells to be deleted (RFC 6721, `at:deleted-entry`). */
export function tombstonesOf(xml: string): string[] {
  if (!xml.includes("deleted-entry")) return [];
  const found = new Set<string>();
  let depth = 0;
  const parser = new Parser(
    {
      onopentag(name, { ref }) {
        depth += 1;
        if (depth > deepest) parser.pause();
        const isTombstone = name === "deleted-entry" || name.endsWith(":deleted-entry");
        if (isTombstone && ref && found.size < mostTombstones) found.add(ref);
      },
      onclosetag() {
        depth -= 1;
      },
    },
    { xmlMode: true },
  );
  parser.end(xml);
  return [...found];
}
