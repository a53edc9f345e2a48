import type { RunStatus } from "#domain/run.ts";
import type { RunKind } from "#domain/stages.ts";
import type { Prisma } from "#prisma/generated/client.ts";
import { readableBy } from "../accounts/access.ts";
import type { Db } from "../db.ts";
import { errorOf } from "./runs.ts";

interface RunQuery {
  status?: RunStatus | undefined;
  kind?: RunKind | undefined;
  cursor?: string | undefined;
  limit: number;
}

/** Runs as they are, the newest first: a person's, or of the whole server for those who operate it. */
export async function runsOf(db: Db, who: { userId: string; role: string }, query: RunQuery) {
  const { status, kind, cursor, limit } = query;
  const rows = await db.run.findMany({
    where: {
      ...(who.role === "admin" ? {} : readableBy(who.userId)),
      ...(status === undefined ? {} : { status }),
      ...(kind === undefined ? {} : { kind }),
      ...(cursor === undefined ? {} : { id: { lt: cursor } }),
    },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const items = rows.slice(0, limit).map((run) => ({ ...run, error: errorOf(run) }));
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

const newest = (db: Db, where: Prisma.RunWhereInput) =>
  db.run.findFirst({
    where,
    select: { id: true, conversationId: true, workspaceId: true, ownerId: true },
    orderBy: { createdAt: "desc" },
  });

/** The run that makes a recording, or that a meeting is. Null: not there, or not this person's. */
export const runOfConversation = (db: Db, userId: string, asked: { id: string; kind: "recording" | "meeting" }) =>
  newest(db, { conversationId: asked.id, kind: asked.kind, ...readableBy(userId) });

/** A run by its own id. Null: not there, or not this person's. */
export const runOf = (db: Db, userId: string, id: string) => newest(db, { id, ...readableBy(userId) });
