import { existsSync, watch } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "./data-folder.ts";
import type { SupervisedProcess } from "./supervisor.ts";

const SETTLE_MS = 300;

/**
 * Starts web and worker anew when their sources change. Not by `node --watch`: Temporal's workflow threads take its
 * messages for their own, and Vite writes files that it would answer with restart after restart.
 */
export function restartOnChanges({
  web,
  worker,
  ...rest
}: {
  web: SupervisedProcess;
  worker: SupervisedProcess;
  say: (line: string) => void;
  signal: AbortSignal;
}): void {
  const folders = ["worker", "activities", "workflows", "records", "domain"];
  restartOnChange({ process: worker, folders, concerns: () => true, ...rest });
  restartOnChange({
    process: web,
    folders: ["web", "records", "domain"],
    // Vite sees to what the browser gets.
    concerns: (folder, file) => folder !== "web" || !/^(components|hooks|routes)\/|\.tsx$/.test(file),
    ...rest,
  });
}

function restartOnChange({
  process,
  folders,
  concerns,
  say,
  signal,
}: {
  process: SupervisedProcess;
  folders: string[];
  /** Whether a changed file, named relative to its folder, matters. */
  concerns: (folder: string, file: string) => boolean;
  say: (line: string) => void;
  signal: AbortSignal;
}): void {
  let settling: NodeJS.Timeout | undefined;
  async function restart(file: string) {
    say(`${file} has changed: starting ${process.name} anew`);
    await process.stop();
    if (!signal.aborted) await process.start();
  }
  for (const folder of folders.filter((name) => existsSync(join(projectFolder, name)))) {
    watch(join(projectFolder, folder), { recursive: true, signal }, (_event, file) => {
      if (!file?.match(/\.tsx?$/) || !concerns(folder, file)) return;
      clearTimeout(settling);
      settling = setTimeout(() => void restart(join(folder, file)), SETTLE_MS);
    });
  }
}
