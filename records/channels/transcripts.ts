import type { Segment } from "#domain/transcript.ts";
import { segmentsOf } from "../conversations/segments.ts";
import type { Db } from "../db.ts";

/** What is said in an episode's video, and by whom. Its listeners may read it: ask for none that is not out. */
export async function spokenIn(
  db: Db,
  videoId: string,
): Promise<{ segments: Segment[]; speakers: Record<string, string> }> {
  const rows = await db.speaker.findMany({ where: { conversationId: videoId, displayName: { not: null } } });
  const speakers = Object.fromEntries(rows.map(({ label, displayName }) => [label, displayName ?? ""]));
  return { segments: await segmentsOf(db, videoId), speakers };
}
