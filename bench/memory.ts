import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ownMb, writtenMb } from "./measure.ts";
import { runConvene, speechOf } from "./pipeline.ts";
import type { Figure, Scenario } from "./scenario.ts";
import { processesBelow } from "./stack/processes.ts";
import { newFolder } from "./stack/stack.ts";
import type { Stack } from "./stack/stack.ts";

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
  title: "Memory, idle for 5 minutes after light use and the other scenarios; shared pages once",
  async run({ stack: ready, short, say }) {
    const stack = await ready();
    await useLightly(stack, { recordings: short ? 1 : 12, say });
    say(`idle for ${short ? 5 : idleMs / 1000} s`);
    await sleep(short ? 5_000 : idleMs);
    const running = [...processesBelow(stack.pid), ...processesBelow(stack.postgresPid)];
    const sums = new Map<string, number>();
    let written = 0;
    for (const { pid, command } of running) {
      const name = parts.find(([, mark]) => mark.test(command))?.[0];
      if (!name) continue;
      sums.set(name, (sums.get(name) ?? 0) + ownMb(pid));
      if (isOfStack(name)) written += writtenMb(pid);
    }
    const together = [...sums].reduce((sum, [name, mb]) => sum + (isOfStack(name) ? mb : 0), 0);
    return [
      ...parts.flatMap(([label, , target]): Figure[] => {
        const value = sums.get(label);
        return value === undefined ? [] : [{ label, value, unit: "MB", ...(target ? { target } : {}) }];
      }),
      { label: "web, worker, Temporal and Postgres together", value: together, unit: "MB", target: stackTarget },
      { label: "of it without pages of files", value: written, unit: "MB" },
    ];
  },
};

const pages = ["/", "/recordings", "/meetings", "/calendar", "/podcasts", "/settings", "/runs"];

/** What a quiet hour brings, closer together. What each thing leaves behind is there after it as well. */
async function useLightly(stack: Stack, { recordings, say }: { recordings: number; say: (line: string) => void }) {
  say(`${recordings} short recordings, with pages between them`);
  const folder = await newFolder();
  try {
    const file = join(folder, "clip.wav");
    for (let n = 0; n < recordings; n += 1) {
      await writeFile(file, await speechOf(10 + ((n * 7) % 15)));
      await runConvene(stack, file);
      for (const page of pages) {
        const answer = await fetch(`${stack.url}${page}`, { headers: { cookie: stack.person.cookie } });
        if (!answer.ok) throw new Error(`${page} was answered ${answer.status}`);
        await answer.text();
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
