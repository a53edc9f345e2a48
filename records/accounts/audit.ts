import type { Prisma } from "#prisma/generated/client.ts";
import type { Db } from "../db.ts";
import { newId } from "../ids.ts";

/** Notes who did what. `subject` is an id; titles, names and text stay out, since entries outlive what they tell of. */
export async function audit(
  db: Db,
  entry: {
    workspaceId?: string | null;
    actorId: string | null;
    action: string;
    subject: string;
    details?: Prisma.InputJsonObject;
  },
): Promise<void> {
  await db.auditEntry.create({
    data: {
      id: newId(),
      workspaceId: entry.workspaceId ?? null,
      actorId: entry.actorId,
      action: entry.action,
      subject: entry.subject,
      details: entry.details ?? {},
    },
  });
}
