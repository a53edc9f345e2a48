import { setTimeout as sleep } from "node:timers/promises";
import { ownMb } from "./measure.ts";
import type { Figure, Scenario } from "./scenario.ts";
import { processesBelow } from "./stack/processes.ts";

const parts: [name: string, mark: RegExp, target?: number][] = [
  ["supervisor", /local\/start\.ts/],
  ["web", /web\/server\.ts/],
  ["worker", /worker\/main\.ts/, 350],
  ["media and speech children", /-child\.ts/],
  ["Temporal server", /temporal/],
  ["Postgres, all processes", /postgres/],
];
const stackTarget = 700;
const isOfStack = (name: string) => name !== "supervisor" && name !== "media and speech children";

/** What was loaded for work is let go after minutes. */
const idleMs = 5 * 60_000;

/** What each process of a running program holds that has had nothing to do for a while. */
export const memory: Scenario = {
  name: "memory",
  title: "Memory, idle for 5 minutes after the other scenarios; shared pages once",
  async run({ stack: ready, short, say }) {
    const stack = await ready();
    say(`idle for ${short ? 5 : idleMs / 1000} s`);
    await sleep(short ? 5_000 : idleMs);
    const running = [...processesBelow(stack.pid), ...processesBelow(stack.postgresPid)];
    const sums = new Map<string, number>();
    for (const { pid, command } of running) {
      const name = parts.find(([, mark]) => mark.test(command))?.[0];
      if (name) sums.set(name, (sums.get(name) ?? 0) + ownMb(pid));
    }
    const together = [...sums].reduce((sum, [name, mb]) => sum + (isOfStack(name) ? mb : 0), 0);
    return [
      ...parts.flatMap(([label, , target]): Figure[] => {
        const value = sums.get(label);
        return value === undefined ? [] : [{ label, value, unit: "MB", ...(target ? { target } : {}) }];
      }),
      { label: "web, worker, Temporal and Postgres together", value: together, unit: "MB", target: stackTarget },
    ];
  },
};
