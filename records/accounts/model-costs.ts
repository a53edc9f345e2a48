import type { Db, Tx } from "../db.ts";

const today = () => new Date(new Date().toISOString().slice(0, 10));

/** What paid models have cost today (UTC), in cents, over all workspaces. */
export async function spentToday(db: Db): Promise<number> {
  const { _sum } = await db.modelSpend.aggregate({ where: { day: today() }, _sum: { cents: true } });
  return _sum.cents ?? 0;
}

export async function addSpend(tx: Tx, workspaceId: string, cents: number): Promise<void> {
  await tx.modelSpend.upsert({
    where: { day_workspaceId: { day: today(), workspaceId } },
    create: { day: today(), workspaceId, cents },
    update: { cents: { increment: cents } },
  });
}
