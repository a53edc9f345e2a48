import type { Tx } from "../db.ts";

/**
 * To be called before a visit to a meeting is looked for and ordered: two at once would each find none, and send two
 * bots into one room. Held until the transaction ends.
 */
export async function lockMeeting(
  tx: Tx,
  workspaceId: string,
  { platform, room }: { platform: string; room: string },
): Promise<void> {
  const name = JSON.stringify(["recorder", workspaceId, platform, room]);
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))::text AS locked`;
}
