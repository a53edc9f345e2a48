import { gapWarnings } from "#domain/transcript-gap.ts";
import { gapsOf } from "./transcript-gaps.ts";
import type { Tx } from "../db.ts";

/** What Convene did about a call besides listening, in words for its run's warnings. */
export async function callNotes(tx: Tx, meetingId: string): Promise<string[]> {
  const { startedAt, cutOffAt } = await tx.meeting.findUniqueOrThrow({ where: { id: meetingId } });
  const told = await tx.webhookDelivery.groupBy({
    by: ["sender", "type"],
    where: { subjectId: meetingId, type: { in: lost.map(({ type }) => type) } },
    _count: true,
  });
  const count = (sender: string, wanted: string) =>
    told.find((each) => each.sender === sender && each.type === wanted)?._count ?? 0;
  // A message that came after the question was late, which nobody needs to know.
  const isLost = (type: string) => count("reconcile", type) > count("stream", type);
  const notes = lost.flatMap(({ type, what }) => (isLost(type) ? [lostWords(what)] : []));
  if (cutOffAt !== null) notes.push(cutOffWords(cutOffAt.getTime() - (startedAt ?? cutOffAt).getTime()));
  return [...notes, ...gapWarnings(await gapsOf(tx, meetingId))];
}

const lost = [
  { type: "call.session_started", what: "began" },
  { type: "call.session_ended", what: "was over" },
];

const lostWords = (what: string) =>
  `The provider's message that the call ${what} did not arrive. Convene asked the provider and went on by its answer.`;

const cutOffWords = (ms: number) => {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  const length = minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
  return `The call was cut off after ${length}, the longest that this server allows.`;
};
