import { mapStretch } from "#domain/channels/judgement/edit-plan.ts";
import type { Segment } from "#domain/transcript.ts";
import { segmentsOf } from "../conversations/segments.ts";
import type { Db } from "../db.ts";
import { editPlanOf } from "./decisions.ts";

/** What is said in a revision of an episode, and by whom. Its listeners may read it: ask for none that is not out. */
export async function spokenIn(
  db: Db,
  of: { videoId: string; revision: number },
): Promise<{ segments: Segment[]; speakers: Record<string, string> }> {
  const rows = await db.speaker.findMany({ where: { conversationId: of.videoId, displayName: { not: null } } });
  const speakers = Object.fromEntries(rows.map(({ label, displayName }) => [label, displayName ?? ""]));
  const segments = await segmentsOf(db, of.videoId);
  const plan = await editPlanOf(db, of);
  // What was made before episodes were cut is whole.
  if (plan === null) return { segments, speakers };
  const heard = segments.flatMap((segment) => {
    const at = mapStretch(plan, { fromMs: segment.start * 1000, toMs: segment.end * 1000 });
    return at === null ? [] : [{ ...segment, start: at.fromMs / 1000, end: at.toMs / 1000 }];
  });
  return { segments: heard, speakers };
}
