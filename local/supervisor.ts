import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { guardOrphan } from "./orphan-guard.ts";
import { waitUntil } from "./wait-until.ts";

export type ProcessSpec = {
  /** Short name, the prefix of its log lines. */
  name: string;
  command: string;
  args: string[];
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
  /** How far it steps back where processors are scarce, as `nice` counts: work in the background waits for answers. */
  niceness?: number;
  /** What it writes is for its own account alone (umask 077). Our own programs see to that themselves. */
  isPrivate?: boolean;
  /** The signal that asks for an orderly end. */
  stopSignal?: NodeJS.Signals;
  /** How long an orderly end may take before SIGKILL. */
  graceMs?: number;
  /** Lines that would only puzzle people. */
  isNoise?: (line: string, state: { isEnding: boolean }) => boolean;
  /** An IPC channel, so that the child sees its parent's death as "disconnect". */
  ipc?: boolean;
  /** Whether the process does its work by now. */
  isReady: () => Promise<boolean>;
  readyDeadlineMs?: number;
};

export type SupervisedProcess = {
  name: string;
  /** The pid of the living process, or undefined between two lives. */
  pid(): number | undefined;
  /** How often it was started again after dying by itself. */
  restarts(): number;
  start(): Promise<void>;
  /** Resolves when the process answers as ready; rejects after its deadline. */
  ready(): Promise<void>;
  /** Ends it in order and starts it no more, until `start`. */
  stop(): Promise<void>;
};

export type SupervisorEvents = {
  log: (name: string, line: string) => void;
  /** Called at each birth and death, for the record that lets the next start find leftovers. */
  onChange?: () => void;
};

const FIRST_BACKOFF_MS = 250;
const LONGEST_BACKOFF_MS = 15_000;
// For what did its work before it died: what ends it may come from outside, again and again, and each pause would be
// somebody's to bring about.
const LONGEST_BACKOFF_ONCE_READY_MS = 1_000;
const READINESS_POLL_MS = 50;
const STEADY_AFTER_MS = 30_000;
const HOPELESS_AFTER = 4;

/** Keeps one process alive: restarted with growing pauses when it dies, ended in order when asked. */
export function supervise(spec: ProcessSpec, { log, onChange = () => {} }: SupervisorEvents): SupervisedProcess {
  const stopSignal = spec.stopSignal ?? "SIGTERM";
  let child: ChildProcess | undefined;
  let readyChild: ChildProcess | undefined;
  let wanted = false;
  let restarts = 0;
  let failuresInARow = 0;
  /** Of the failures in a row, the last ones that came before the process did its work. */
  let neverReadyInARow = 0;
  let pause = new AbortController();

  function say(line: string) {
    if (!spec.isNoise?.(line, { isEnding: !wanted })) log(spec.name, line);
  }

  function spawnOnce() {
    const startedAt = Date.now();
    const [command, ...args] = commandOf(spec);
    const born = spawn(command, args, {
      cwd: spec.cwd,
      env: spec.env,
      ...(spec.uid === undefined ? {} : { uid: spec.uid, gid: spec.gid }),
      // Its own process group: Ctrl-C reaches only the supervisor, which then stops all in order,
      // and a last SIGKILL takes the child's own children too.
      detached: process.platform !== "win32",
      stdio: ["ignore", "pipe", "pipe", ...(spec.ipc ? (["ipc"] as const) : [])],
    });
    child = born;
    if (born.pid && spec.niceness !== undefined) stepBack(born.pid, spec.niceness);
    const watch = born.pid ? guardOrphan(born.pid, stopSignal) : undefined;
    onChange();
    void watchReadiness(born);
    for (const stream of [born.stdout, born.stderr]) if (stream) forwardLines(stream, say);
    born.once("error", (error) => log(spec.name, error.message));
    born.once("close", (code, signal) => {
      // What the dead process started itself would hold its ports and files.
      killGroup(born.pid, "SIGKILL");
      watch?.kill("SIGKILL");
      if (child === born) child = undefined;
      onChange();
      const lived = { livedMs: Date.now() - startedAt, wasReady: readyChild === born };
      if (wanted) void restart(signal ?? `code ${code}`, lived);
    });
  }

  async function watchReadiness(born: ChildProcess) {
    const isAwaited = () => child === born && readyChild !== born;
    while (isAwaited()) {
      if (await spec.isReady().catch(() => false)) readyChild = born;
      else await sleep(READINESS_POLL_MS);
    }
  }

  async function restart(cause: string, { livedMs, wasReady }: { livedMs: number; wasReady: boolean }) {
    failuresInARow = livedMs > STEADY_AFTER_MS ? 1 : failuresInARow + 1;
    neverReadyInARow = wasReady ? 0 : neverReadyInARow + 1;
    const longestMs = wasReady ? LONGEST_BACKOFF_ONCE_READY_MS : LONGEST_BACKOFF_MS;
    const backoffMs = Math.min(FIRST_BACKOFF_MS * 2 ** (failuresInARow - 1), longestMs);
    log(spec.name, `ended (${cause}); starting again in ${backoffMs / 1000} s`);
    pause = new AbortController();
    await sleep(backoffMs, undefined, { signal: pause.signal }).catch(() => {});
    if (!wanted || child) return;
    restarts += 1;
    spawnOnce();
  }

  return {
    name: spec.name,
    pid: () => child?.pid,
    restarts: () => restarts,
    async start() {
      if (wanted) return;
      wanted = true;
      failuresInARow = 0;
      neverReadyInARow = 0;
      spawnOnce();
    },
    async ready() {
      const aliveAndReady = () => {
        if (neverReadyInARow >= HOPELESS_AFTER)
          throw new Error(`${spec.name} ends again and again; see its lines above`);
        return child !== undefined && readyChild === child;
      };
      await waitUntil(`${spec.name} ready`, aliveAndReady, { deadlineMs: spec.readyDeadlineMs ?? 30_000 });
    },
    async stop() {
      wanted = false;
      pause.abort();
      const dying = child;
      if (!dying?.pid || dying.exitCode !== null || dying.signalCode !== null) return;
      const closed = once(dying, "close");
      dying.kill(stopSignal);
      const patience = AbortSignal.timeout(spec.graceMs ?? 10_000);
      patience.addEventListener("abort", () => killGroup(dying.pid, "SIGKILL"));
      await closed;
    },
  };
}

/** Signals a process and its whole group; a group that is gone already is no error. */
export function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (!pid) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function forwardLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void) {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim()) onLine(line);
  });
  stream.on("end", () => rest.trim() && onLine(rest));
}

// Before the process has any thread: on Linux each thread takes the priority over from the one that starts it. The umask
// by a shell that becomes the program: ours holds for the whole process, with whatever it writes in the meantime.
function commandOf({ command, args, niceness, isPrivate = false }: ProcessSpec): [string, ...string[]] {
  if (process.platform === "win32") return [command, ...args];
  const nice = niceness === undefined ? [] : ["nice", "-n", String(niceness)];
  return isPrivate
    ? ["/bin/sh", "-c", 'umask 077; exec "$@"', "sh", ...nice, command, ...args]
    : ([...nice, command, ...args] as [string, ...string[]]);
}

// Each of our processes is a session of its own, and Linux shares processors between sessions before it looks at `nice`
// (sched(7), "The autogroup feature"). Elsewhere there is no such file, and no need for it.
function stepBack(pid: number, niceness: number) {
  writeFile(`/proc/${pid}/autogroup`, String(niceness)).catch(() => undefined);
}
