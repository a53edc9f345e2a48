import { setTimeout as sleep } from "node:timers/promises";
import type { Socket } from "socket.io-client";
import { latencyFigures, nowMs, residentMb } from "./measure.ts";
import { webPidOf } from "./stack/processes.ts";
import type { Scenario } from "./scenario.ts";
import { indexOf, newConversation, storeOne } from "./stack/conversation.ts";
import type { Stack } from "./stack/stack.ts";
import { watch } from "./stack/watcher.ts";

/**
 * Many people watch one conversation: how long until all are in, and until the last one has a segment. The long form is
 * what one web process is to bear: ten times as many, and a segment each second, as people speak.
 */
export const sockets: Scenario = {
  name: "sockets",
  title: "1,000 sockets watching one topic (10,000 with --long)",
  async run({ short, long, stack: ready, say }) {
    const stack = await ready();
    const count = long ? 10_000 : short ? 100 : 1000;
    const segments = long ? 20 : short ? 5 : 50;
    const pauseMs = long ? 1_000 : 200;
    const conversation = await newConversation(stack);
    const webPid = webPidOf(stack.pid);
    const before = residentMb(webPid);

    const latencies: number[] = [];
    const storedAt: number[] = [];
    const startedAt = performance.now();
    const watchers = await connectAll(stack, conversation.topic, count, (index) => {
      latencies.push(nowMs() - (storedAt[index] ?? Number.NaN));
    });
    const connectS = (performance.now() - startedAt) / 1000;
    say(`${watchers.length} connected`);

    for (let index = 0; index < segments; index += 1) {
      storedAt[index] = nowMs();
      await storeOne(stack, conversation.id, index);
      await sleep(pauseMs);
    }
    for (let tries = 0; latencies.length < count * segments && tries < 200; tries += 1) await sleep(50);
    const missing = count * segments - latencies.length;
    const after = residentMb(webPid);
    for (const watcher of watchers) watcher.disconnect();
    return [
      { label: "sockets connected and subscribed", value: watchers.length, unit: "count" },
      { label: "time until the last was subscribed", value: connectS, unit: "s" },
      ...latencyFigures("begin of the transaction → received, every socket", latencies),
      { label: "deliveries missing", value: missing, unit: "count", target: 0 },
      { label: "web process, resident", value: after, unit: "MB" },
      { label: "web process, resident, per socket", value: (after - before) / count, unit: "MB" },
    ];
  },
};

// Fifty at a time: as many as arrive together when a link is shared, and no burst that a browser could not make.
async function connectAll(stack: Stack, topic: string, count: number, onSegment: (index: number) => void) {
  const watchers: Socket[] = [];
  while (watchers.length < count) {
    const batch = Array.from({ length: Math.min(50, count - watchers.length) }, (_, place) => {
      const address = `10.0.${Math.floor(watchers.length / 50)}.${place + 1}`;
      return watch({ url: stack.url, person: stack.person, topic, address }, (event) => onSegment(indexOf(event.data)));
    });
    watchers.push(...(await Promise.all(batch)));
  }
  return watchers;
}
