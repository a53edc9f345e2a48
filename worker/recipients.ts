import type { SignalDefinition } from "@temporalio/common";
import type { SubjectEvent, SubjectKind } from "#domain/inbox.ts";
import type { PrismaClient } from "#records/db.ts";
import { botChanged, inbox } from "#workflows/messages.ts";
import type { InboxItem } from "#workflows/messages.ts";
import type { RunWorkflows } from "#workflows/runs.ts";

/** The workflow that waits for what is told of a subject, and the signal by which it hears it. */
interface Recipient {
  workflow: keyof RunWorkflows;
  signal: SignalDefinition<[InboxItem<SubjectEvent>[]]>;
  /** Our own agent at the subject, whose coming and leaving is no news; null: there is none. */
  agentOf(prisma: PrismaClient, id: string): Promise<string | null>;
}

export const recipients: Record<SubjectKind, Recipient> = {
  meeting: {
    workflow: "meeting",
    signal: inbox,
    async agentOf(prisma, id) {
      const meeting = await prisma.meeting.findUnique({ where: { id }, select: { agentId: true } });
      return meeting?.agentId ?? null;
    },
  },
  recorder: { workflow: "recorder", signal: botChanged, agentOf: async () => null },
};
