import type { SourceKind } from "#domain/channels/source.ts";
import { audit } from "../accounts/audit.ts";
import type { Db, PrismaClient } from "../db.ts";
import { enqueue } from "../queues/outbox.ts";
import { closing, tellPages } from "./source-gate.ts";

/** A source that is closed for all, as pages tell of it. */
export interface ClosedSource {
  source: SourceKind;
  closedUntil: Date;
  reason: string;
}

export async function closedSource(db: Db, source: SourceKind): Promise<ClosedSource | null> {
  const closed = await closing(db, source);
  return closed && { source, ...closed };
}

export const closedSources = (db: Db): Promise<ClosedSource[]> =>
  db.$queryRaw<ClosedSource[]>`
    SELECT source, blocked_until AS "closedUntil", reason FROM source_gate
    WHERE blocked_until > clock_timestamp() ORDER BY source`;

/**
 * Has a source that is closed for all tried again now. How often in a row it was closed stays counted, so that a refusal
 * closes it for twice as long as the last one, however often this is asked for. False: it is open.
 */
export async function openSource(
  prisma: PrismaClient,
  { source, actorId }: { source: SourceKind; actorId: string },
): Promise<boolean> {
  return prisma.$transaction(async (tx) => {
    // Of those who ask at the same time, one finds it closed.
    await tx.$queryRaw`SELECT source FROM source_gate WHERE source = ${source} FOR UPDATE`;
    const closed = await closing(tx, source);
    if (closed === null) return false;
    await tx.sourceGate.update({ where: { source }, data: { blockedUntil: null } });
    const occasion = `source:${source}:${closed.closedUntil.toISOString()}`;
    await enqueue(tx, {
      kind: "source.opened",
      payload: { source },
      dedupeKey: occasion,
      partitionKey: `source:${source}`,
    });
    await audit(tx, { actorId, action: "source.open", subject: source });
    await tellPages(tx, source);
    return true;
  });
}
