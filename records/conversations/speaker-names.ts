import { conversationTopic } from "#domain/live.ts";
import type { NamedSpeaker } from "#domain/transcript.ts";
import type { Tx } from "../db.ts";
import { announce } from "../live/feed.ts";

/** Gives speakers of a conversation their `names`, and tells of those that are new to them. */
export async function nameAll(
  tx: Tx,
  conversationId: string,
  { speakers, names }: { speakers: readonly NamedSpeaker[]; names: readonly NamedSpeaker[] },
): Promise<void> {
  for (const { label, displayName } of names) {
    if (speakers.some((known) => known.label === label && known.displayName === displayName)) continue;
    await tx.speaker.update({ where: { conversationId_label: { conversationId, label } }, data: { displayName } });
    const data = { label, displayName: displayName ?? "" };
    await announce(tx, [{ topic: conversationTopic(conversationId), type: "speaker.renamed", data }]);
  }
}
