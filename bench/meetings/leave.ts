import type { Socket } from "socket.io-client";
import { conversationTopic } from "#domain/live.ts";
import { atRate, latencyFigures, nowMs } from "../measure.ts";
import type { Scenario } from "../scenario.ts";
import { watch } from "../stack/watcher.ts";
import type { Stack } from "../stack/stack.ts";
import { callsOf } from "./calls.ts";
import { startConvene } from "./convene.ts";
import type { ConveneSide } from "./convene.ts";
import { startNaive } from "./naive.ts";
import type { NaiveSide } from "./naive.ts";
import { overReference } from "./ratios.ts";
import { countOf } from "./side.ts";
import { insist, until } from "./until.ts";

const modelMs = 1000;
// A call that ends leaves some twenty steps to be done: what more of them in a second measure is the queue behind it.
const perSecond = 1;
const warmUp = 5;

/**
 * From "the last person presses Leave" to "their page is told that processing has started". The reference design has no
 * leave: its page ends the call and waits for its provider to notice. So its side is counted from the provider's
 * webhook to the answer, before which its row is `processing`; how long the provider takes to notice comes on top.
 * A few calls before the first that counts bring compiled code and connections into being, on both sides.
 */
export const leave: Scenario = {
  name: "meeting-leave",
  title: "Call end → processing started, one a second",
  async run({ short, long, say, detail }) {
    const load = short ? { waves: 1, wave: 6 } : { waves: long ? 10 : 2, wave: 50 };
    const convene = await measureConvene(load, { say, detail });
    const naive = await measureNaive(load, { say, detail });
    return [
      { label: "Convene, leaves measured", value: convene.latencies.length, unit: "count" },
      { label: "Convene, leaves that no page heard the outcome of", value: convene.missing, unit: "count", target: 0 },
      ...latencyFigures("Convene, leave sent → page told", convene.latencies, 250),
      ...latencyFigures("Convene, leave sent → answered", convene.answers),
      { label: "reference design, ends measured", value: naive.latencies.length, unit: "count" },
      { label: "reference design, ends after which it was not processing", value: naive.missing, unit: "count" },
      ...latencyFigures("reference design, end's webhook → row changed", naive.latencies),
      ...overReference(convene.latencies, naive.latencies),
    ];
  },
};

interface Load {
  waves: number;
  /** How many are in their calls at a time. */
  wave: number;
}
interface Tell {
  say: (line: string) => void;
  detail: (line: string) => void;
}

async function measureConvene({ waves, wave }: Load, { say, detail }: Tell) {
  await using side = await startConvene({ modelMs, detail });
  await measureWave(side, warmUp, 0);
  const results: Wave[] = [];
  for (let round = 1; round <= waves; round += 1) {
    say(`Convene, wave ${round} of ${waves}`);
    results.push(await measureWave(side, wave, round));
  }
  const latencies = results.flatMap((each) => each.latencies);
  return { latencies, answers: results.flatMap((each) => each.answers), missing: waves * wave - latencies.length };
}

interface Wave {
  latencies: number[];
  /** From sending a leave to its answer. */
  answers: number[];
}

async function measureWave(side: ConveneSide, wave: number, round: number): Promise<Wave> {
  const { stack } = side;
  const ids = await callsOf(side, wave);
  const heardAt = new Map<string, number>();
  const sockets = await Promise.all(ids.map((id) => watchOwner(stack, id, round, () => heardAt.set(id, nowMs()))));
  const dueAt = new Map<string, number>();
  const answers: number[] = [];
  await atRate({ count: wave, perSecond }, async (index, due) => {
    const id = ids[index] ?? "";
    dueAt.set(id, due);
    await sendLeave(stack, id);
    answers.push(nowMs() - due);
  });
  await until(() => heardAt.size === wave, { withinMs: 30_000 });
  for (const socket of sockets) socket.disconnect();
  // What is left to do for this wave is no part of the next one.
  const isOver = async () => countOf(await side.statuses(ids), "completed", "failed") === wave;
  await insist("The meetings are completed", isOver, 180_000);
  return { latencies: [...heardAt].map(([id, at]) => at - (dueAt.get(id) ?? Number.NaN)), answers };
}

/** The page of the meeting's owner, at an address of its own: connections are counted by address. */
function watchOwner({ url, person }: Stack, id: string, round: number, onProcessing: () => void): Promise<Socket> {
  let isTold = false;
  return watch({ url, person, topic: conversationTopic(id), address: `10.2.0.${round + 1}` }, ({ type, data }) => {
    if (isTold || type !== "run.stage" || data.status !== "processing") return;
    isTold = true;
    onProcessing();
  });
}

async function sendLeave({ url, person }: Stack, id: string): Promise<void> {
  const response = await fetch(`${url}/api/meetings/${id}/leave`, {
    method: "POST",
    headers: { "content-type": "application/json", cookie: person.cookie, origin: person.origin },
    body: JSON.stringify({ last: true }),
  });
  await response.arrayBuffer();
  if (response.status !== 202) throw new Error(`A leave was answered with ${response.status}`);
}

async function measureNaive({ wave }: Load, { say, detail }: Tell) {
  await using side = await startNaive({ modelMs, detail });
  await measureNaiveWave(side, warmUp);
  // One wave says enough at its evenness.
  say("reference design");
  const { ids, latencies } = await measureNaiveWave(side, wave);
  return { latencies, missing: await notProcessed(side, ids) };
}

async function measureNaiveWave(side: NaiveSide, wave: number) {
  const ids = await callsOf(side, wave);
  const latencies: number[] = [];
  await atRate({ count: wave, perSecond }, async (index, dueAt) => {
    await side.end(ids[index] ?? "");
    latencies.push(nowMs() - dueAt);
  });
  return { ids, latencies };
}

async function notProcessed({ pool }: NaiveSide, ids: string[]): Promise<number> {
  const sql = "SELECT 1 FROM meetings WHERE id = ANY ($1) AND processing_started_at IS NULL";
  return (await pool.query(sql, [ids])).rows.length;
}
