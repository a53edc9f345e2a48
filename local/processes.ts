import { spawnSync } from "node:child_process";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { killGroup } from "./supervisor.ts";
import { waitUntil } from "./wait-until.ts";

export type ProcessRecord = { name: string; pid: number; startedAt: string; stopSignal: NodeJS.Signals };

/**
 * When the process with this pid began, in whatever form the system says it; undefined where there is none (a zombie
 * counts as none). Pid and begin together name one process for good, a pid alone does not.
 */
export function startTimeOf(pid: number): string | undefined {
  if (process.platform !== "linux") {
    const { stdout, status } = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" });
    return status === 0 ? stdout.trim() || undefined : undefined;
  }
  try {
    // The second field is the program's name in brackets and may hold anything, spaces and brackets too.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** Notes the living processes, for `endLeftovers` of the next start. Written at once: the next moment may be the last. */
export function recordProcesses(file: string, processes: Omit<ProcessRecord, "startedAt">[]): void {
  const records = processes.flatMap((process) => {
    const startedAt = startTimeOf(process.pid);
    return startedAt ? [{ ...process, startedAt }] : [];
  });
  // Renamed into place: who reads it, perhaps after we were killed in the middle, finds all of it.
  writeFileSync(`${file}.part`, JSON.stringify(records), { mode: 0o600 });
  renameSync(`${file}.part`, file);
}

/** Ends what an earlier start left running when it was killed itself. */
export async function endLeftovers(file: string, say: (line: string) => void): Promise<void> {
  const records = await readFile(file, "utf8").then(
    (text) => JSON.parse(text) as ProcessRecord[],
    () => [],
  );
  const lives = (record: ProcessRecord) => startTimeOf(record.pid) === record.startedAt;
  for (const record of records.filter(lives)) {
    say(`ending a ${record.name} that an earlier start left behind (pid ${record.pid})`);
    process.kill(record.pid, record.stopSignal);
    await waitUntil(`${record.name} ended`, () => !lives(record), { deadlineMs: 10_000 }).catch(() =>
      killGroup(record.pid, "SIGKILL"),
    );
  }
}
