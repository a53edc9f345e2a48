import { atRate, latencyFigures, nowMs } from "./measure.ts";
import type { Scenario } from "./scenario.ts";
import { newConversation, storeOne } from "./stack/conversation.ts";
import type { Stack } from "./stack/stack.ts";

/** Pages and API under the load of a busy team: 20 requests a second, never one waiting for another. */
export const http: Scenario = {
  name: "http",
  title: "HTTP at 20 requests a second",
  async run({ short, stack: ready, say }) {
    const stack = await ready();
    const count = short ? 40 : 600;
    for (let index = 0; index < 20; index += 1) {
      const { id } = await newConversation(stack);
      await storeOne(stack, id, 0);
    }
    const api = await load(stack, "/api/recordings", count, say);
    const page = await load(stack, "/recordings", count, say);
    return [
      ...latencyFigures("GET /api/recordings", api.latencies),
      ...latencyFigures("GET /recordings, rendered on the server", page.latencies),
      { label: "answers other than 200", value: api.refused + page.refused, unit: "count", target: 0 },
    ];
  },
};

async function load({ url, person }: Stack, path: string, count: number, say: (line: string) => void) {
  const latencies: number[] = [];
  let refused = 0;
  await atRate({ count, perSecond: 20 }, async () => {
    const startedAt = nowMs();
    const response = await fetch(`${url}${path}`, { headers: { cookie: person.cookie } });
    const body = await response.text();
    latencies.push(nowMs() - startedAt);
    if (response.status === 200) return;
    refused += 1;
    if (refused === 1) say(`${path} answered ${response.status}: ${body.slice(0, 200)}`);
  });
  return { latencies, refused };
}
