import { residentMb } from "./measure.ts";
import type { Figure, Scenario } from "./scenario.ts";
import { processesBelow } from "./stack/processes.ts";

const parts: [name: string, mark: RegExp][] = [
  ["supervisor", /local\/start\.ts/],
  ["web", /web\/server\.ts/],
  ["worker", /worker\/main\.ts/],
  ["media and speech children", /-child\.ts/],
  ["Temporal server", /temporal/],
  ["Postgres, all processes", /postgres/],
];

/** What each process of a running, idle program holds; shared pages are counted in each process that maps them. */
export const memory: Scenario = {
  name: "memory",
  title: "Resident memory, idle after the other scenarios",
  async run({ stack: ready }) {
    const stack = await ready();
    const running = [...processesBelow(stack.pid), ...processesBelow(stack.postgresPid)];
    const sums = new Map<string, number>();
    for (const { pid, command } of running) {
      const name = parts.find(([, mark]) => mark.test(command))?.[0];
      if (name) sums.set(name, (sums.get(name) ?? 0) + residentMb(pid));
    }
    return [...sums].map(([label, value]): Figure => ({ label, value, unit: "MB" }));
  },
};
