import { io } from "socket.io-client";
import { setTimeout as sleep } from "node:timers/promises";
import { atRate, latencyFigures, nowMs, percentile } from "./measure.ts";
import { startNaive } from "./naive/client.ts";
import type { Figure, Scenario } from "./scenario.ts";
import { indexOf, newConversation, storeOne } from "./stack/conversation.ts";
import { startHelper } from "./stack/helper-process.ts";
import type { Stack } from "./stack/stack.ts";
import { watch } from "./stack/watcher.ts";

interface Load {
  count: number;
  perSecond: number;
}

// The first second is not counted, on any side: connections and compiled code come to be in it.
const warmUp = 50;

/**
 * From "this segment is being committed" to "a browser has it", beside the same segments over Socket.IO alone (there
 * and back) and beside the reference design, which stores nothing before it sends.
 */
export const liveLatency: Scenario = {
  name: "live-latency",
  title: "Segment stored → received by a watching client",
  async run({ short, stack, say }) {
    const load = { count: warmUp + (short ? 250 : 5000), perSecond: 50 };
    say("Socket.IO alone");
    const echo = await measureEcho(load);
    say("the reference design");
    const naive = await measureNaive(load);
    say("Convene");
    const convene = await measureConvene(load, await stack());
    const figures: Figure[] = [
      ...latencyFigures("Convene, from before the commit", convene.latencies, 50),
      { label: "Convene, received twice or out of order", value: convene.disordered, unit: "count", target: 0 },
      ...latencyFigures("reference design, from before the send", naive),
      ...latencyFigures("Socket.IO echo, there and back", echo),
      {
        label: "Convene over echo, p99",
        value: percentile(convene.latencies, 0.99) / percentile(echo, 0.99),
        unit: "x",
      },
    ];
    return figures;
  },
};

async function measureConvene(load: Load, stack: Stack) {
  const conversation = await newConversation(stack);
  const storedAt: number[] = [];
  const receivedAt: number[] = [];
  let lastSeq = 0;
  let disordered = 0;
  const socket = await watch({ url: stack.url, person: stack.person, topic: conversation.topic }, (event) => {
    receivedAt[indexOf(event.data)] = nowMs();
    if (event.seq !== lastSeq + 1) disordered += 1;
    lastSeq = event.seq;
  });
  await atRate(load, async (index) => {
    storedAt[index] = await storeOne(stack, conversation.id, index);
  });
  await settled(() => lastSeq === load.count);
  socket.disconnect();
  const latencies = storedAt.map((at, index) => (receivedAt[index] ?? Number.NaN) - at);
  return { disordered, latencies: latencies.slice(warmUp) };
}

async function measureEcho(load: Load): Promise<number[]> {
  await using server = await startHelper("../echo-process.ts", {});
  const socket = io(`http://127.0.0.1:${server.port}`, { transports: ["websocket"], forceNew: true });
  const latencies: number[] = [];
  socket.on("said", ({ at }: { at: number }) => latencies.push(nowMs() - at));
  await new Promise((resolve) => socket.once("connect", () => resolve(undefined)));
  await atRate(load, (index) => socket.emit("say", { at: nowMs(), text: `${index} the words of a segment` }));
  await settled(() => latencies.length === load.count);
  socket.disconnect();
  return latencies.slice(warmUp);
}

async function measureNaive(load: Load): Promise<number[]> {
  await using naive = await startNaive(load);
  const latencies: number[] = [];
  const socket = await naive.join((_index, sentAtMs) => latencies.push(nowMs() - sentAtMs));
  await naive.upload();
  await settled(() => latencies.length === load.count);
  socket.close();
  return latencies.slice(warmUp);
}

/** Gives what is under way ten seconds to arrive; a segment that is still missing then ends the measurement. */
async function settled(done: () => boolean): Promise<void> {
  for (let tries = 0; !done() && tries < 200; tries += 1) await sleep(50);
  if (!done()) throw new Error("Not every segment arrived within ten seconds of the last one");
}
