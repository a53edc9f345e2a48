import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { atRate, nowMs, percentile } from "./measure.ts";
import type { Scenario } from "./scenario.ts";
import { indexOf, newConversation, storeOne } from "./stack/conversation.ts";
import { webPidOf } from "./stack/processes.ts";
import type { Stack } from "./stack/stack.ts";
import { watch } from "./stack/watcher.ts";

const pollEveryMs = 2000;
const segmentEveryMs = 2000;

/** What pushing saves over asking every two seconds, for the same viewers and the same segments (C-51 to C-53). */
export const polling: Scenario = {
  name: "polling",
  title: "50 viewers, a segment every 2 s: asking every 2 s beside the live feed",
  async run({ short, stack: ready, say }) {
    const stack = await ready();
    const load = { viewers: 50, seconds: short ? 10 : 60 };
    say("asking");
    const asked = await measureAsking(stack, load);
    say("the live feed");
    const pushed = await measurePushing(stack, load);
    return [
      { label: "requests, asking", value: asked.requests, unit: "count" },
      { label: "requests, live feed", value: pushed.requests, unit: "count" },
      { label: "requests, live feed in % of asking", value: (pushed.requests / asked.requests) * 100, unit: "%" },
      { label: "processor time of the web process, asking", value: asked.cpuSeconds, unit: "s" },
      { label: "processor time of the web process, live feed", value: pushed.cpuSeconds, unit: "s" },
      { label: "processor time, in % of asking", value: (pushed.cpuSeconds / asked.cpuSeconds) * 100, unit: "%" },
      { label: "stored → seen, asking, p50", value: percentile(asked.latencies, 0.5), unit: "ms" },
      { label: "stored → seen, live feed, p50", value: percentile(pushed.latencies, 0.5), unit: "ms" },
      { label: "stored → seen, live feed, p99", value: percentile(pushed.latencies, 0.99), unit: "ms", target: 100 },
    ];
  },
};

interface ViewerLoad {
  viewers: number;
  seconds: number;
}

async function measureAsking(stack: Stack, { viewers, seconds }: ViewerLoad) {
  const { id } = await newConversation(stack);
  const storedAt: number[] = [];
  const latencies: number[] = [];
  let requests = 0;
  const end = nowMs() + seconds * 1000;
  const cpuBefore = cpuSecondsOf(webPidOf(stack.pid));
  const view = async (_: unknown, viewer: number) => {
    await sleep((viewer * pollEveryMs) / viewers);
    for (let seen = 0; nowMs() < end; await sleep(pollEveryMs)) {
      const headers = { cookie: stack.person.cookie };
      const response = await fetch(`${stack.url}/api/recordings/${id}/transcript`, { headers });
      const { segments } = (await response.json()) as { segments: unknown[] };
      requests += 1;
      for (; seen < segments.length; seen += 1) latencies.push(nowMs() - (storedAt[seen] ?? Number.NaN));
    }
  };
  await Promise.all([storeFor(stack, id, seconds, storedAt), ...Array.from({ length: viewers }, view)]);
  return { requests, latencies, cpuSeconds: cpuSecondsOf(webPidOf(stack.pid)) - cpuBefore };
}

async function measurePushing(stack: Stack, { viewers, seconds }: ViewerLoad) {
  const { id, topic } = await newConversation(stack);
  const storedAt: number[] = [];
  const latencies: number[] = [];
  const cpuBefore = cpuSecondsOf(webPidOf(stack.pid));
  const watches = Array.from({ length: viewers }, (_, viewer) =>
    watch({ url: stack.url, person: stack.person, topic, address: `10.1.0.${viewer}` }, (event) => {
      latencies.push(nowMs() - (storedAt[indexOf(event.data)] ?? Number.NaN));
    }),
  );
  const sockets = await Promise.all(watches);
  await storeFor(stack, id, seconds, storedAt);
  await sleep(pollEveryMs);
  for (const socket of sockets) socket.disconnect();
  return { requests: viewers, latencies, cpuSeconds: cpuSecondsOf(webPidOf(stack.pid)) - cpuBefore };
}

const storeFor = (stack: Stack, id: string, seconds: number, storedAt: number[]) =>
  atRate({ count: Math.floor((seconds * 1000) / segmentEveryMs), perSecond: 1000 / segmentEveryMs }, async (index) => {
    storedAt[index] = nowMs();
    storedAt[index] = await storeOne(stack, id, index);
  });

/** Processor time of a process so far, in user and kernel, in seconds. Linux counts it in hundredths. */
function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
