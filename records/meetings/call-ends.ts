import type { Tx } from "../db.ts";

/** The Postgres channel on which workers hear the ids of meetings whose calls are over, after the commit. */
export const callEndsChannel = "call_ends";

/** Tells every worker of a call that is over: the one in whose process its agent is need not wait to be asked. */
export async function notifyCallEnd(tx: Tx, meetingId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify(${callEndsChannel}, ${meetingId})`;
}
