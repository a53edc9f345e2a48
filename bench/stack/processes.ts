import { readdirSync, readFileSync } from "node:fs";

export interface RunningProcess {
  pid: number;
  parent: number;
  command: string;
}

/** Every process below `root`, itself included. Linux only. */
export function processesBelow(root: number): RunningProcess[] {
  const all = readdirSync("/proc").flatMap((entry) => {
    const pid = Number(entry);
    return Number.isInteger(pid) ? describe(pid) : [];
  });
  const wanted = new Set([root]);
  for (let before = 0; before !== wanted.size;) {
    before = wanted.size;
    for (const { pid, parent } of all) if (wanted.has(parent)) wanted.add(pid);
  }
  return all.filter(({ pid }) => wanted.has(pid));
}

/** Milliseconds of processor time that these and all below them have used so far. */
export function processorMs(roots: number[]): number {
  const pids = new Set(roots.flatMap((root) => processesBelow(root).map(({ pid }) => pid)));
  return [...pids].reduce((sum, pid) => sum + ticksOf(pid) * 10, 0);
}

/** Hundredths of a second; 0 where it is gone. */
function ticksOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [user, system] = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .slice(11, 13);
    return Number(user) + Number(system);
  } catch {
    return 0;
  }
}

/** The process that answers requests. */
export const webPidOf = (root: number) => pidOf(root, "web/server.ts");

/** The process that runs workflows and activities and hands over what came in. */
export const workerPidOf = (root: number) => pidOf(root, "worker/main.ts");

function pidOf(root: number, entry: string): number {
  const found = processesBelow(root).find(({ command }) => command.includes(entry));
  if (!found) throw new Error(`No process of ${entry} found below npm start`);
  return found.pid;
}

function describe(pid: number): RunningProcess[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is a name in brackets that may hold anything, brackets too.
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    return [{ pid, parent, command }];
  } catch {
    // Gone between the listing and the look.
    return [];
  }
}
