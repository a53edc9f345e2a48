import { meetingViewOf } from "#domain/meeting-view.ts";
import { readableBy } from "./access.ts";
import { readAtOneInstant } from "./db.ts";
import type { PrismaClient } from "./db.ts";
import { runningStatuses } from "./lists.ts";
import { workspaceHeads } from "./pages.ts";
import { conversationOf } from "./runs.ts";

/** A meeting in its call or being worked on, as a line of a list. */
export interface OngoingMeeting {
  id: string;
  title: string;
  view: "active" | "processing";
  /** When its call began; null where nobody has told yet. */
  since: Date | null;
}

/** What goes on in a person's workspaces now, with where their feeds stand. */
export async function ongoingMeetings(prisma: PrismaClient, userId: string) {
  return readAtOneInstant(prisma, async (tx) => {
    const runs = await tx.run.findMany({
      where: {
        kind: "meeting",
        status: { in: [...runningStatuses] },
        stage: { not: "upcoming" },
        ...readableBy(userId),
      },
      select: {
        status: true,
        stage: true,
        title: true,
        conversation: { select: { id: true, startedAt: true } },
      },
      orderBy: { createdAt: "asc" },
      take: 50,
    });
    const items = runs.flatMap(({ conversation, title, ...run }): OngoingMeeting[] => {
      const { id, startedAt } = conversationOf(conversation);
      const view = meetingViewOf(run);
      return view === "active" || view === "processing" ? [{ id, title, view, since: startedAt }] : [];
    });
    return { items, feeds: await workspaceHeads(tx, userId) };
  });
}
