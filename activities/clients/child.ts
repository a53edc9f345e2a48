import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { ApplicationFailure } from "@temporalio/common";
import { failures, isFailureCode } from "#domain/failure.ts";
import type { FailureCode } from "#domain/failure.ts";
import { cleanProse } from "#domain/text.ts";
import { residentMb } from "./resident-memory.ts";

/** A failure that ends the run where its code is permanent, and is tried again where it is not: after `waitMs`, if told. */
export function failure(code: FailureCode, detail?: string, waitMs: number | null = null): ApplicationFailure {
  const words = failures[code].words;
  // What a provider or a dying child said may hold anything, and the run's row keeps it.
  const said = cleanProse(detail ?? "");
  return ApplicationFailure.create({
    message: said === "" ? words : `${words} (${said})`,
    type: code,
    nonRetryable: failures[code].permanent,
    ...(waitMs === null ? {} : { nextRetryDelay: waitMs }),
  });
}

export interface ChildOptions {
  /** A module that calls `serveChild` (child-serve.ts). */
  module: URL;
  /** The child is killed over this and its calls fail with `resource_limit`. */
  maxRssMb: number;
  /** Aborting it kills the child; its calls reject with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** How much of the child's last stderr is kept for messages. */
  stderrKb?: number;
}

export interface CallOptions<Progress> {
  deadlineMs: number;
  /**
   * What a missed deadline means: `resource_limit` (default, permanent) where the input is to blame, `stalled` where
   * the machine may just be busy and another try helps.
   */
  deadlineCode?: "resource_limit" | "stalled";
  onProgress?: ((progress: Progress) => void) | undefined;
}

export interface Child {
  readonly pid: number;
  /** One request to the child. Calls may overlap; the child decides whether it works on them at the same time. */
  call<Output, Progress = never>(method: string, input: unknown, options: CallOptions<Progress>): Promise<Output>;
  /** Whether it can still be asked. */
  isOpen(): boolean;
  /** Kills the child; open calls are refused, with the reason if there is one. Resolves when the process is gone. */
  close(reason?: unknown): Promise<void>;
}

/** What travels from child to parent. */
export type ChildMessage =
  | { type: "result"; id: number; output: unknown }
  | { type: "progress"; id: number; progress: unknown }
  | { type: "error"; id: number; code: string | null; message: string };

interface Waiting {
  resolve(output: unknown): void;
  reject(error: unknown): void;
  onProgress: ((progress: never) => void) | undefined;
  timer: NodeJS.Timeout;
}

/**
 * Runs a module in a process of its own, for work on untrusted bytes and for native code: it can be killed at any
 * moment, its memory is watched, and a crash of it is an ordinary error here. The child sees no environment variables,
 * so no secret is within its reach.
 */
export function startChild(options: ChildOptions): Child {
  options.signal?.throwIfAborted();
  const child = fork(options.module, [String(process.pid)], {
    env: {},
    execArgv: ["--disable-warning=ExperimentalWarning"],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const calls = new Map<number, Waiting>();
  const stderr = keepTail(child, (options.stderrKb ?? 8) * 1024);
  let lastId = 0;
  let ended: unknown = null;

  const end = (reason: unknown) => {
    ended ??= reason;
    child.kill("SIGKILL");
    for (const waiting of calls.values()) settle(waiting).reject(ended);
    calls.clear();
  };
  const take = (id: number) => {
    const waiting = calls.get(id);
    calls.delete(id);
    return waiting && settle(waiting);
  };

  const onAbort = () => end(options.signal?.reason);
  options.signal?.addEventListener("abort", onAbort, { once: true });
  const watch = setInterval(() => {
    void residentMb(child.pid).then((mb) => {
      if (mb > options.maxRssMb) end(failure("resource_limit", `${Math.round(mb)} MB of memory in use`));
    });
  }, 200);
  watch.unref();

  child.on("message", (message: ChildMessage) => {
    if (message.type === "progress") calls.get(message.id)?.onProgress?.(message.progress as never);
    else if (message.type === "result") take(message.id)?.resolve(message.output);
    else take(message.id)?.reject(childError(message));
  });
  const gone = new Promise<void>((resolve) => {
    child.on("error", (error) => {
      end(failure("internal", error.message));
      // A process that never came to be does not exit either.
      if (child.pid === undefined) resolve();
    });
    child.once("exit", (code, signal) => {
      clearInterval(watch);
      options.signal?.removeEventListener("abort", onAbort);
      end(failure("internal", `the child process ended with ${signal ?? `exit code ${code}`} ${stderr()}`.trim()));
      resolve();
    });
  });

  return {
    pid: child.pid ?? 0,
    call<Output, Progress>(
      method: string,
      input: unknown,
      { deadlineMs, deadlineCode = "resource_limit", onProgress }: CallOptions<Progress>,
    ) {
      if (ended) return Promise.reject(ended);
      const id = (lastId += 1);
      return new Promise<Output>((resolve, reject) => {
        const timer = setTimeout(() => end(failure(deadlineCode, `not done after ${deadlineMs} ms`)), deadlineMs);
        calls.set(id, { resolve: (output) => resolve(output as Output), reject, onProgress, timer });
        child.send({ id, method, input });
      });
    },
    isOpen: () => ended === null,
    async close(reason = new Error("The child process was closed")) {
      end(reason);
      await gone;
    },
  };
}

/** Starts a child for one call and ends it with the call. */
export async function runChild<Output, Progress = never>(
  options: ChildOptions & CallOptions<Progress> & { method: string; input: unknown },
): Promise<Output> {
  const child = startChild(options);
  try {
    return await child.call<Output, Progress>(options.method, options.input, options);
  } finally {
    await child.close();
  }
}

function settle(waiting: Waiting) {
  clearTimeout(waiting.timer);
  return waiting;
}

function childError(message: { code: string | null; message: string }) {
  if (message.code === null || !isFailureCode(message.code)) return failure("internal", message.message);
  return failure(message.code, message.message);
}

function keepTail(child: ChildProcess, bytes: number) {
  let tail = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    tail = (tail + text).slice(-bytes);
  });
  return () => tail.trim();
}
