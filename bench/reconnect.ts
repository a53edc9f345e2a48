import { setTimeout as sleep } from "node:timers/promises";
import { atRate } from "./measure.ts";
import { startNaive } from "./naive/client.ts";
import type { Scenario } from "./scenario.ts";
import { indexOf, newConversation, storeOne } from "./stack/conversation.ts";
import type { Stack } from "./stack/stack.ts";
import { watch } from "./stack/watcher.ts";

const load = { count: 250, perSecond: 50 };
const cut = { afterMs: 1500, forMs: 2000 };

/** A viewer's connection is cut for two seconds while segments flow: what is missing on the screen afterwards. */
export const reconnect: Scenario = {
  name: "reconnect",
  title: "250 segments at 50 a second, connection cut for 2 s",
  async run({ stack }) {
    const naive = await countNaive();
    const convene = await countConvene(await stack());
    return [
      { label: "Convene, segments missing", value: convene.missing, unit: "count", target: 0 },
      { label: "Convene, segments received twice", value: convene.repeated, unit: "count", target: 0 },
      { label: "reference design, segments missing", value: naive, unit: "count" },
    ];
  },
};

async function countConvene(stack: Stack) {
  const { id, topic } = await newConversation(stack);
  const times = new Map<number, number>();
  let lastSeq = 0;
  const join = () =>
    watch({ url: stack.url, person: stack.person, topic, after: lastSeq }, (event) => {
      lastSeq = event.seq;
      const index = indexOf(event.data);
      times.set(index, (times.get(index) ?? 0) + 1);
    });
  const first = await join();
  const flow = atRate(load, (index) => storeOne(stack, id, index));
  await sleep(cut.afterMs);
  first.disconnect();
  await sleep(cut.forMs);
  const second = await join();
  await flow;
  for (let tries = 0; lastSeq < load.count && tries < 100; tries += 1) await sleep(50);
  second.disconnect();
  const repeated = [...times.values()].filter((count) => count > 1).length;
  return { missing: load.count - times.size, repeated };
}

async function countNaive(): Promise<number> {
  await using naive = await startNaive(load);
  const seen = new Set<number>();
  const first = await naive.join((index) => seen.add(index));
  const upload = naive.upload();
  await sleep(cut.afterMs);
  first.close();
  await sleep(cut.forMs);
  const second = await naive.join((index) => seen.add(index));
  await upload;
  await sleep(500);
  second.close();
  return load.count - seen.size;
}
