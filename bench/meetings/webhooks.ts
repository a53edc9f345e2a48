import { fork } from "node:child_process";
import { once } from "node:events";
import { latencyFigures } from "../measure.ts";
import type { Figure, Scenario } from "../scenario.ts";
import { startConvene } from "./convene.ts";
import type { ConveneSide } from "./convene.ts";
import { startNaive } from "./naive.ts";
import { overReference } from "./ratios.ts";
import type { MeetingSide } from "./side.ts";
import { until } from "./until.ts";
import type { WebhookJob, WebhookOutcome } from "./webhook-process.ts";

const modelMs = 1000;
// Not counted: connections and compiled code come to be with them, on both sides.
const warmUp: Load = { perSecond: 100, calls: 3, perCall: 100, atOnce: 3 };

interface Load {
  perSecond: number;
  calls: number;
  perCall: number;
  atOnce: number;
  targetP99?: number;
  /** Of the time until a meeting's workflow has been told, p99 in ms. */
  targetHandOver?: number;
}

/**
 * How long a provider waits for the answer to a webhook, the provider not waiting for it: bodies are sent by the clock.
 * Behind the answers goes on what the webhooks cause: agents join calls, meetings are analysed. Convene checks each
 * signature and stores each delivery on disk before it answers; the reference design checks none, drops what is neither
 * a start nor an end, and works inside the request on what is.
 */
export const webhooks: Scenario = {
  name: "meeting-webhooks",
  title: "Webhook sent → answered, 200 a call, 20 % sent twice",
  async run({ short, say, detail }) {
    const usual: Load = short
      ? { perSecond: 300, calls: 4, perCall: 100, atOnce: 4, targetP99: 50 }
      : { perSecond: 300, calls: 90, perCall: 200, atOnce: 45, targetP99: 50, targetHandOver: 500 };
    // Three times as much, for ten seconds: to know what happens then, with no target.
    const burst: Load = { perSecond: 1000, calls: short ? 4 : 50, perCall: 200, atOnce: short ? 4 : 50 };
    // The reference design keeps nothing that could pile up, so a third of the time says the same of it.
    const usualOfNaive = short ? usual : { ...usual, calls: 30, atOnce: 30 };
    const figures: Figure[] = [];

    const convene = await startConvene({ modelMs, detail });
    let ours: WebhookOutcome;
    {
      await using side = convene;
      say(`${side.name}, ${usual.perSecond} a second`);
      const { accepted: before } = await sendTo(side, warmUp);
      await allHandedOver(side);
      const since = new Date();
      ours = await sendTo(side, usual);
      const left = await side.waitingDeliveries();
      figures.push(...figuresOf(side, usual, ours), ...(await figuresOfStore(side, ours.accepted + before)));
      figures.push({ label: "Convene, kept and not yet handed over at the end", value: left, unit: "count" });
      await allHandedOver(side);
      figures.push(...(await handOverFigures(side, usual, since)));
      say(`${side.name}, ${burst.perSecond} a second`);
      const burstSince = new Date();
      figures.push(...figuresOf(side, burst, await sendTo(side, burst)));
      await allHandedOver(side);
      figures.push(...(await handOverFigures(side, { ...burst, targetHandOver: 2000 }, burstSince)));
    }
    await using side = await startNaive({ modelMs, detail });
    say(`${side.name}, ${usual.perSecond} a second`);
    await sendTo(side, warmUp);
    const theirs = await sendTo(side, usualOfNaive);
    figures.push(...figuresOf(side, usualOfNaive, theirs));
    say(`${side.name}, ${burst.perSecond} a second`);
    figures.push(...figuresOf(side, burst, await sendTo(side, burst)));
    return [...figures, ...overReference(ours.latencies, theirs.latencies)];
  },
};

const allHandedOver = (side: ConveneSide) =>
  until(async () => (await side.waitingDeliveries()) === 0, { withinMs: 60_000, everyMs: 100 });

/** From a delivery's row to its workflow having taken the signal. */
async function handOverFigures({ stack }: ConveneSide, { perSecond, targetHandOver }: Load, since: Date) {
  const rows = await stack.database.prisma.webhookDelivery.findMany({
    where: { sender: "stream", receivedAt: { gte: since }, state: "done" },
    select: { receivedAt: true, doneAt: true },
  });
  const waits = rows.map(({ receivedAt, doneAt }) => (doneAt?.getTime() ?? 0) - receivedAt.getTime());
  return latencyFigures(`Convene, ${perSecond}/s, stored → handed to its meeting`, waits, targetHandOver);
}

async function sendTo(side: MeetingSide, { perSecond, calls, perCall, atOnce }: Load): Promise<WebhookOutcome> {
  const ids = await side.addMeetings(calls);
  const sessions = await Promise.all(ids.map((id) => side.begin(id, { isTold: false })));
  const told = sessions.map(({ startedAt, ...session }) => ({ ...session, startedAtMs: startedAt.getTime() }));
  const child = fork(new URL("webhook-process.ts", import.meta.url));
  const job: WebhookJob = { ...side.webhook, calls: told, perCall, atOnce, perSecond };
  child.send(job);
  const [outcome] = (await Promise.race([once(child, "message"), once(child, "exit")])) as unknown[];
  if (typeof outcome !== "object" || outcome === null) throw new Error("The process that sends webhooks has ended");
  return outcome as WebhookOutcome;
}

function figuresOf({ name }: MeetingSide, { perSecond, targetP99 }: Load, outcome: WebhookOutcome): Figure[] {
  const { latencies, turningPoints, statuses } = outcome;
  const isOurs = name === "Convene";
  const good = Object.entries(statuses).reduce((sum, [status, n]) => sum + (status.startsWith("2") ? n : 0), 0);
  const at = `${name}, ${perSecond}/s`;
  return [
    ...latencyFigures(at, latencies, isOurs ? targetP99 : undefined),
    { label: `${at}, longest`, value: Math.max(...latencies), unit: "ms" },
    ...latencyFigures(`${at}, starts and ends only`, turningPoints),
    {
      label: `${at}, answers other than 2xx`,
      value: latencies.length - good,
      unit: "count",
      ...(isOurs && targetP99 !== undefined ? { target: 0 } : {}),
    },
  ];
}

async function figuresOfStore({ stack }: ConveneSide, accepted: number): Promise<Figure[]> {
  const stored = await stack.database.prisma.webhookDelivery.count({ where: { sender: "stream" } });
  return [
    {
      label: "Convene, answered with 2xx and not stored",
      value: Math.max(0, accepted - stored),
      unit: "count",
      target: 0,
    },
    { label: "Convene, stored twice", value: Math.max(0, stored - accepted), unit: "count", target: 0 },
  ];
}
