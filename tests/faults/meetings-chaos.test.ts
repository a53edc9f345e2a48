import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { expectInboxComplete, expectMeetingsComplete, expectNoGhosts, settled } from "./meetings/final-state.ts";
import { answersOf, sendDeliveries } from "./meetings/ledger.ts";
import { killAlive, startLiveConvene } from "./meetings/live-convene.ts";
import type { LiveConvene } from "./meetings/live-convene.ts";
import { eventsPerCall, planChaos, planOutages } from "./meetings/chaos.ts";
import type { Outage } from "./meetings/chaos.ts";

const isShort = process.env["FAULTS"] === "short";
const seeds = isShort ? [1] : [1, 2, 3];
const meetings = isShort ? 60 : 200;
// Twenty seconds of webhooks in both forms (100 a second in the full one), long enough for the strikes.
const ratePerSecond = (meetings * eventsPerCall) / 20;
const patienceMs = isShort ? 150_000 : 600_000;

test.each(seeds)(
  "chaos, seed %i: what was acknowledged is applied once, and every meeting completes once",
  async (seed) => {
    const began = Date.now();
    await using at = await startLiveConvene({ env: { OPENAI_MODEL: "embedded" } });
    const agentId = await at.addAgent();
    const ids = await addMeetings(at, agentId);
    const bootSeconds = secondsSince(began);

    const begin = Date.now();
    const calls = ids.map((id) => at.stream.call(id));
    for (const call of calls) await call.start({ at: new Date(begin), lost: true });
    const { sendings, events, lengthMs } = planChaos({ calls, ratePerSecond, begin, seed });
    const strikes = planOutages(seed, lengthMs);
    const [ledger, ...struck] = await Promise.all([
      sendDeliveries({ sendings, url: at.webhookUrl, stream: at.stream, begin }),
      ...strikes.map((each) => strike(at, each, begin)),
    ]);
    const stormSeconds = secondsSince(begin);
    const settleSeconds = await settled(at, ids, patienceMs);

    const states = await expectInboxComplete(at, ledger);
    const acknowledged = ledger.filter(({ isAcknowledged }) => isAcknowledged).length;
    console.log(
      JSON.stringify({
        seed,
        meetings,
        events,
        deliveries: sendings.length,
        answers: answersOf(ledger),
        acknowledged,
        states,
        struck,
        bootSeconds,
        stormSeconds,
        settleSeconds,
      }),
    );
    expect(states["dead"] ?? 0).toBe(0);
    expect((states["done"] ?? 0) / acknowledged).toBeGreaterThanOrEqual(0.95);
    // Of a storm that nobody heard the rest would prove nothing.
    expect(acknowledged / events).toBeGreaterThan(0.6);
    await expectMeetingsComplete(at, ids);
    await expectNoGhosts(at, ids);
  },
  patienceMs + 240_000,
);

async function addMeetings(at: LiveConvene, agentId: string): Promise<string[]> {
  const ids: string[] = [];
  for (let made = 0; made < meetings; made += 20) {
    const some = Array.from({ length: Math.min(20, meetings - made) }, () => at.addMeeting(agentId));
    ids.push(...(await Promise.all(some)));
  }
  // Some calls are over before an agent can be sent: what this is about is what the deliveries come to.
  await at.convene.rows(`UPDATE meeting SET heard_at = now() WHERE id = ANY($1)`, [ids]);
  return ids;
}

/** Strikes at its time; gives what was struck and when, in seconds after the begin. */
async function strike(at: LiveConvene, { part, atMs, againMs }: Outage, begin: number): Promise<string> {
  await wait(Math.max(0, begin + atMs - Date.now()));
  // A server that serves is what is to be struck, not one that is still getting up from the strike before.
  if (part === "web") await at.serving();
  await killAlive(at.convene, part);
  const struck = `${part} ${((Date.now() - begin) / 1000).toFixed(1)}`;
  if (againMs > 0) await at.convene.keepDown(part, againMs);
  return struck;
}

const secondsSince = (from: number) => Math.round((Date.now() - from) / 1000);
