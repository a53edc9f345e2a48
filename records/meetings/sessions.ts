import type { RunStatus } from "#domain/run.ts";
import { readableBy } from "../accounts/access.ts";
import type { Db } from "../db.ts";

/** A conversation by whatever way it came, as programs of the reference design know it. */
export interface Session {
  id: string;
  kind: "recording" | "meeting";
  title: string;
  status: RunStatus;
  workspaceId: string;
  createdAt: Date;
  /** Whether a calendar's event made it, with nobody's doing. */
  autoCreated: boolean;
}

/** The conversations of a person's workspaces, the newest first. */
export async function sessionsOf(
  db: Db,
  userId: string,
  { cursor, limit }: { cursor: string | null; limit: number },
): Promise<{ items: Session[]; nextCursor: string | null }> {
  const rows = await db.conversation.findMany({
    where: {
      ...readableBy(userId),
      kind: { in: ["recording", "meeting"] },
      ...(cursor === null ? {} : { id: { lt: cursor } }),
    },
    include: {
      runs: { where: { kind: { in: ["recording", "meeting"] } }, orderBy: { createdAt: "desc" }, take: 1 },
    },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  // A bot's visit that a calendar ordered has an end by that calendar, and the id of the recording that it became.
  const ordered = await db.recorder.findMany({
    where: { id: { in: page.map(({ id }) => id) }, endsAt: { not: null } },
    select: { id: true },
  });
  const automatic = new Set(ordered.map(({ id }) => id));
  return {
    items: page.map(({ id, kind, title, workspaceId, createdAt, runs: [run] }) => ({
      id,
      kind: kind as Session["kind"],
      title,
      status: (run?.status ?? "pending") as RunStatus,
      workspaceId,
      createdAt,
      autoCreated: automatic.has(id),
    })),
    nextCursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
  };
}
