import { conversationPath } from "#domain/ids.ts";
import type { Tx } from "../db.ts";
import { announce } from "../live/feed.ts";
import { notify } from "../live/notifications.ts";
import { enqueue } from "../queues/outbox.ts";

/** Reminds the owner of a meeting that is about to begin, once for each time it is set to: by the bell and by mail. */
export async function remindOwner(tx: Tx, meetingId: string): Promise<void> {
  const meeting = await tx.meeting.findUnique({
    where: { id: meetingId },
    include: { conversation: { select: { ownerId: true, title: true } } },
  });
  if (meeting === null || meeting.scheduledAt === null || meeting.remindedAt !== null) return;
  await tx.meeting.update({ where: { id: meetingId }, data: { remindedAt: new Date() } });
  const { ownerId, title } = meeting.conversation;
  if (ownerId === null) return;
  const dedupeKey = `meeting.reminder:${meetingId}:${meeting.scheduledAt.getTime()}`;
  const news = await notify(
    tx,
    {
      userId: ownerId,
      dedupeKey,
      type: "meeting.reminder",
      title: `“${title}” is about to begin`,
      body: "",
      link: conversationPath("meeting", meetingId),
    },
    meetingId,
  );
  await enqueue(tx, { kind: "mail.reminder", payload: { meetingId }, dedupeKey, partitionKey: meetingId });
  await announce(tx, news);
}
