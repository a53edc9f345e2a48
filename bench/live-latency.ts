import { SignJWT } from "jose";
import { io } from "socket.io-client";
import { WebSocket } from "ws";
import { setTimeout as sleep } from "node:timers/promises";
import { atRate, latencyFigures, nowMs, percentile } from "./measure.ts";
import type { NaiveDrive } from "./naive/process.ts";
import type { Figure, Scenario } from "./scenario.ts";
import { indexOf, newConversation, storeOne } from "./stack/conversation.ts";
import { startHelper } from "./stack/helper-process.ts";
import type { Stack } from "./stack/stack.ts";
import { watch } from "./stack/watcher.ts";

interface Load {
  count: number;
  perSecond: number;
}

/**
 * From "this segment is being committed" to "a browser has it", beside the same segments over Socket.IO alone (there
 * and back) and beside the reference design, which stores nothing before it sends.
 */
export const liveLatency: Scenario = {
  name: "live-latency",
  title: "Segment stored → received by a watching client",
  async run({ short, stack, say }) {
    const load = { count: short ? 250 : 5000, perSecond: 50 };
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
  return { disordered, latencies: storedAt.map((at, index) => (receivedAt[index] ?? Number.NaN) - at) };
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
  return latencies;
}

async function measureNaive(load: Load): Promise<number[]> {
  const drive: NaiveDrive = { secret: "bench-secret-of-32-characters-00", meetingId: "m1", personId: "p1", ...load };
  await using server = await startHelper("../naive/process.ts", drive);
  const key = new TextEncoder().encode(drive.secret);
  const token = await new SignJWT({ sub: drive.personId }).setProtectedHeader({ alg: "HS256" }).sign(key);
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/ws/meeting/${drive.meetingId}?token=${token}`);
  const latencies: number[] = [];
  socket.on("message", (data) => {
    const message = JSON.parse(String(data)) as { type: string; segment: { text: string } };
    if (message.type === "transcript") latencies.push(nowMs() - Number(message.segment.text.split(" ")[1]));
  });
  await new Promise((resolve, reject) => {
    socket.once("open", () => resolve(undefined));
    socket.once("error", reject);
  });
  await fetch(`http://127.0.0.1:${server.port}/meetings/${drive.meetingId}/upload`, { method: "POST", body: "audio" });
  await settled(() => latencies.length === load.count);
  socket.close();
  return latencies;
}

/** Gives what is under way ten seconds to arrive; whatever is missing then is missing from the figures as NaN. */
async function settled(done: () => boolean): Promise<void> {
  for (let tries = 0; !done() && tries < 200; tries += 1) await sleep(50);
  if (!done()) throw new Error("Not every segment arrived within ten seconds of the last one");
}
