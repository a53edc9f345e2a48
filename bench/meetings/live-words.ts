import { setTimeout as sleep } from "node:timers/promises";
import { conversationTopic } from "#domain/live.ts";
import { atRate, latencyFigures, nowMs } from "../measure.ts";
import type { Scenario } from "../scenario.ts";
import { indexOf } from "../stack/conversation.ts";
import { watch } from "../stack/watcher.ts";
import { callsOf } from "./calls.ts";
import { startConvene } from "./convene.ts";
import { startNaive } from "./naive.ts";
import type { NaiveSide } from "./naive.ts";
import { overReference } from "./ratios.ts";
import type { MeetingSide } from "./side.ts";
import { until } from "./until.ts";
import { wordsOf } from "./words.ts";

// The first words are not counted, on either side: connections and compiled code come to be with them.
const warmUp = 20;
const lookEveryMs = 5;

/**
 * From "the provider sends the words of a turn" to "a browser that watches the meeting has them". The reference design
 * shows no words while a call lasts: it stores each turn and tells nobody. So its side is counted to the moment at which
 * a query finds the row, looked for every 5 ms.
 */
export const liveWords: Scenario = {
  name: "meeting-words",
  title: "A turn's words → browser, 20 a second in 20 calls",
  async run({ short, say, detail }) {
    const calls = short ? 4 : 20;
    const load = { count: warmUp + (short ? 40 : 400), perSecond: calls };
    const heard = new Map<MeetingSide["name"], number[]>();
    let repeated = 0;
    {
      await using side = await startConvene({ modelMs: 0, detail });
      say(side.name);
      const ids = await callsOf(side, calls);
      const page = { url: side.stack.url, person: side.stack.person };
      const receivedAt: number[] = [];
      const sockets = await Promise.all(
        ids.map((id) =>
          watch({ ...page, topic: conversationTopic(id) }, ({ type, data }) => {
            if (type !== "segment.added") return;
            if (receivedAt[indexOf(data)] === undefined) receivedAt[indexOf(data)] = nowMs();
            else repeated += 1;
          }),
        ),
      );
      heard.set(side.name, await latenciesOf(side, ids, load, receivedAt));
      for (const socket of sockets) socket.disconnect();
    }
    {
      await using side = await startNaive({ modelMs: 0, detail });
      say(side.name);
      const ids = await callsOf(side, calls);
      const foundAt: number[] = [];
      const looking = new AbortController();
      const eyes = lookForRows(side, foundAt, looking.signal);
      heard.set(side.name, await latenciesOf(side, ids, load, foundAt));
      looking.abort();
      await eyes;
    }
    const convene = heard.get("Convene") ?? [];
    const naive = heard.get("reference design") ?? [];
    const expected = load.count - warmUp;
    return [
      { label: "Convene, turns that never came", value: expected - convene.length, unit: "count", target: 0 },
      { label: "Convene, turns that came twice", value: repeated, unit: "count", target: 0 },
      ...latencyFigures("Convene, said → in the browser", convene),
      { label: "reference design, turns that never came", value: expected - naive.length, unit: "count" },
      ...latencyFigures("reference design, said → row found", naive),
      ...overReference(convene, naive),
    ];
  },
};

/** Speaks at the given rate, one call after the other; `arrivals` is filled meanwhile, by the number of the turn. */
async function latenciesOf(
  side: MeetingSide,
  ids: string[],
  load: { count: number; perSecond: number },
  arrivals: number[],
): Promise<number[]> {
  const dueAts: number[] = [];
  await atRate(load, async (index, dueAt) => {
    const id = ids[index % ids.length] ?? "";
    dueAts[index] = dueAt;
    const isHeard = await side.say(id, index % 2 === 0 ? "user" : "agent", wordsOf(id, index));
    if (!isHeard) throw new Error("An agent has left its call");
  });
  await until(() => Object.keys(arrivals).length === load.count, { withinMs: 10_000 });
  return dueAts.flatMap((at, index) => (index < warmUp ? [] : [(arrivals[index] ?? Number.NaN) - at])).filter(isFinite);
}

async function lookForRows({ pool }: NaiveSide, foundAt: number[], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // Who inserted a second ago has committed by now, or the figures will tell.
    const sql = "SELECT text FROM transcript_chunks WHERE created_at > now() - interval '5 seconds'";
    const { rows } = await pool.query<{ text: string }>(sql);
    const at = nowMs();
    for (const row of rows) foundAt[indexOf(row)] ??= at;
    await sleep(lookEveryMs);
  }
}
