import { lockDataFolder, StartRefused, type DataFolder } from "./data-folder.ts";
import { endLeftovers } from "./processes.ts";
import { createStack } from "./stack.ts";

/**
 * A program that runs processes on a data folder of its own. `run` takes the folder, starts, and stays until a signal, a
 * failed start, `stop` or the end of the npm that started it; then it ends all processes in order, and itself.
 */
export function createProgram({ folder, say }: { folder: DataFolder; say: (line: string) => void }) {
  const stopping = new AbortController();
  const stopped = Promise.withResolvers<void>();
  const stack = createStack({ folder, signal: stopping.signal });
  function stop() {
    stopping.abort();
    stopped.resolve();
  }
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  if (process.env["npm_lifecycle_event"]) whenOrphaned(stop);
  // A closed terminal must not keep us from stopping in order.
  process.stdout.on("error", () => {});

  return {
    stack,
    signal: stopping.signal,
    stop,
    async run(start: () => Promise<void>): Promise<never> {
      let lock: ReturnType<typeof lockDataFolder> | undefined;
      try {
        lock = lockDataFolder(folder);
        await endLeftovers(folder.processes, say);
        await Promise.race([start().then(() => stopped.promise), stopped.promise]);
      } catch (error) {
        process.exitCode = 1;
        if (!stopping.signal.aborted) report(error);
      }
      stopping.abort();
      await stack.stop();
      lock?.release();
      process.exit();
    },
  };

  function report(error: unknown) {
    if (error instanceof StartRefused) console.error(error.message);
    else say(error instanceof Error ? error.message : String(error));
  }
}

/** npm's shell between npm and us takes a SIGTERM for itself and dies of it: its end is all that we see. */
function whenOrphaned(act: () => void) {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    act();
  }, 250);
  watch.unref();
}
