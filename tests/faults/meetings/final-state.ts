import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { expect } from "vitest";
import { meetingWorkflowId, agentWorkflowId } from "#domain/ids.ts";
import { nextMeetingId } from "#records/meetings/next-meeting-id.ts";
import type { LedgerEntry } from "./ledger.ts";
import { plan } from "./live-convene.ts";
import type { LiveConvene } from "./live-convene.ts";

const reconcileEveryMs = 15_000;

/**
 * Waits until the inbox is empty and every meeting has come to its end, with all that follows it; asks the provider about them now and then, as
 * the schedule does every five minutes. Gives the seconds it took.
 */
export async function settled(at: LiveConvene, ids: string[], withinMs: number): Promise<number> {
  const began = Date.now();
  for (let reconciledAt = began; ; await wait(500)) {
    const now = await standing(at, ids).catch(() => null);
    if (now !== null && now.open + now.unplanned + now.waiting === 0) return Math.round((Date.now() - began) / 1000);
    if (Date.now() - began > withinMs)
      throw new Error(`not settled: ${JSON.stringify(now)}\n${at.convene.log().slice(-20).join("\n")}`);
    if (Date.now() - reconciledAt < reconcileEveryMs) continue;
    reconciledAt = Date.now();
    await reconcile(at).catch(() => undefined);
  }
}

const standing = async (at: LiveConvene, ids: string[]) =>
  (
    await at.convene.rows<{ open: number; unplanned: number; waiting: number }>(
      `SELECT (SELECT count(*)::int FROM run WHERE conversation_id = ANY($1)
                 AND status NOT IN ('completed', 'failed', 'cancelled')) AS open,
              (SELECT count(*)::int FROM meeting WHERE id = ANY($1)
                 AND next_planned_at IS NULL AND next_problem IS NULL) AS unplanned,
              (SELECT count(*)::int FROM webhook_delivery WHERE state = 'new')
                + (SELECT count(*)::int FROM outbox WHERE state = 'new') AS waiting`,
      [ids],
    )
  )[0]!;

async function reconcile(at: LiveConvene): Promise<void> {
  const client = await at.temporal();
  const order = { workflowId: `reconcile-${randomUUID()}`, taskQueue: "convene" };
  await client.withDeadline(Date.now() + 5_000, () => client.workflow.start("reconcile", order));
}

/** Every acknowledged event is kept, none twice, none unknown, none given up. Gives what became of them. */
export async function expectInboxComplete(at: LiveConvene, ledger: LedgerEntry[]): Promise<Record<string, number>> {
  const rows = await at.convene.rows<{ key: string; state: string; count: number }>(
    `SELECT dedupe_key AS key, min(state) AS state, count(*)::int AS count FROM webhook_delivery
     WHERE sender = 'stream' GROUP BY dedupe_key`,
  );
  const kept = new Map(rows.map((row) => [row.key, row]));
  const sent = new Set(ledger.map(({ key }) => key));
  expect(rows.filter(({ key }) => !sent.has(key))).toEqual([]);
  expect(rows.filter(({ count }) => count !== 1)).toEqual([]);
  const acknowledged = ledger.filter(({ isAcknowledged }) => isAcknowledged);
  expect(acknowledged.filter(({ key }) => !kept.has(key)).map(({ event }) => event)).toEqual([]);
  const states = Map.groupBy(acknowledged, ({ key }) => kept.get(key)?.state ?? "lost");
  return Object.fromEntries([...states].map(([state, entries]) => [state, entries.length]));
}

/** Every meeting completed once, with one analysis and one next meeting; nothing else came to be. */
export async function expectMeetingsComplete(at: LiveConvene, ids: string[]): Promise<void> {
  const rows = await at.convene.rows<{ id: string; began: number; [fact: string]: unknown }>(
    `SELECT m.id, r.status, r.attempt, m.transcript_collected AS collected, m.next_problem AS problem,
            (SELECT count(*)::int FROM run_claim WHERE run_id = r.id) AS claims,
            (SELECT array_agg(version) FROM analysis WHERE conversation_id = m.id) AS analyses,
            (SELECT count(*)::int FROM live_event
              WHERE topic = 'conversation:' || m.id AND type = 'run.completed') AS completions,
            (SELECT array_agg(n.id::text) FROM meeting n WHERE n.previous_id = m.id) AS next,
            (extract(epoch FROM c.started_at) * 1000)::float8 AS began, c.ended_at IS NOT NULL AS ended
     FROM meeting m JOIN conversation c USING (id) JOIN run r ON r.conversation_id = m.id AND r.kind = 'meeting'
     WHERE m.id = ANY($1) ORDER BY m.id`,
    [ids],
  );
  const expected = ids.toSorted().map((id) => ({
    id,
    status: "completed",
    attempt: 1,
    collected: true,
    problem: null,
    claims: 1,
    analyses: [1],
    completions: 1,
    // Nothing was said, so the session is still open and the next meeting takes it up again.
    next: [nextMeetingId(id, plan[0]?.session_name ?? "")],
    began: true,
    // By the provider's word, or because everybody who was heard to come was heard to leave.
    ended: true,
  }));
  // Stream's API gives nanoseconds as a number, whose last digits JSON loses: a millisecond may go with them.
  const isBegin = (id: string, began: number) =>
    at.stream.call(id).sessions.some(({ startedAt }) => Math.abs(began - startedAt.getTime()) <= 1);
  expect(rows.map(({ id, began, ...row }) => ({ id, ...row, began: isBegin(id, began) }))).toEqual(expected);
  const [all] = await at.convene.rows<{ meetings: number; runs: number }>(
    `SELECT (SELECT count(*)::int FROM meeting) AS meetings, (SELECT count(*)::int FROM run) AS runs`,
  );
  expect(all).toEqual({ meetings: 2 * ids.length, runs: 2 * ids.length });
}

/** One closed execution for each meeting and at most one for its agent; open ones for the next meetings only. */
export async function expectNoGhosts(at: LiveConvene, ids: string[]): Promise<void> {
  const client = await at.temporal();
  const executions = async (type: string) => {
    const found: string[] = [];
    for await (const { workflowId, status } of client.workflow.list({ query: `WorkflowType = "${type}"` }))
      found.push(`${workflowId} ${status.name}`);
    return found.sort();
  };
  const nextIds = ids.map((id) => nextMeetingId(id, plan[0]?.session_name ?? ""));
  const expected = [
    ...ids.map((id) => `${meetingWorkflowId(id)} COMPLETED`),
    ...nextIds.map((id) => `${meetingWorkflowId(id)} RUNNING`),
  ].sort();
  await expect.poll(() => executions("meeting"), { timeout: 60_000, interval: 1_000 }).toEqual(expected);
  // Not every meeting had one: a call that is known to be over when it is heard of needs nobody to join it.
  const strangeAgents = async () => {
    const allowed = new Set(ids.map((id) => `${agentWorkflowId(id)} COMPLETED`));
    return (await executions("agent")).filter((agent) => !allowed.delete(agent));
  };
  await expect.poll(strangeAgents, { timeout: 60_000, interval: 1_000 }).toEqual([]);
  expect(ids.flatMap((id) => at.stream.call(id).openLinks())).toEqual([]);
}
