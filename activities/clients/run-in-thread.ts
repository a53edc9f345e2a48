import { Worker } from "node:worker_threads";
import { ApplicationFailure } from "@temporalio/common";
import { createGate, maxConcurrentCompute } from "./concurrency-gate.ts";
import type { Gate } from "./concurrency-gate.ts";
import { failure } from "./child.ts";

/** What a thread tells its parent. */
export type ThreadReport<Result> = { type: "progress"; fraction: number } | { type: "result"; result: Result };

interface Work {
  module: URL;
  input: unknown;
  /** For the words of a failure, such as "Reading the transcript". */
  name: string;
  /** Not given: as long as it takes. */
  deadlineMs?: number;
  /** Over this the thread ends, and the failure's cause has the code `ERR_WORKER_OUT_OF_MEMORY`. */
  heapMb?: number;
  /** Where it waits for its turn; not given: with everything else that gives none. */
  gate?: Gate;
}

interface Options {
  signal: AbortSignal;
  onProgress: (fraction: number) => void;
}

const shared = createGate(maxConcurrentCompute);

/**
 * Hours of talk take seconds of pure computing: in a thread, so that the worker goes on beating. A few at a time; the
 * others wait for their turn, and their deadline with them.
 */
export async function runInThread<Result>(work: Work, options: Options): Promise<Result> {
  const { gate = shared } = work;
  options.signal.throwIfAborted();
  await gate.enter();
  try {
    options.signal.throwIfAborted();
    return await run<Result>(work, options);
  } finally {
    gate.leave();
  }
}

async function run<Result>(
  { module, input, name, deadlineMs, heapMb = 512 }: Work,
  { signal, onProgress }: Options,
): Promise<Result> {
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const thread = new Worker(module, { workerData: input, resourceLimits: { maxOldGenerationSizeMb: heapMb } });
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  const late =
    deadlineMs === undefined
      ? undefined
      : setTimeout(() => reject(failure("stalled", `${name} took over ${deadlineMs} ms`)), deadlineMs);
  thread.on("message", (report: ThreadReport<Result>) => {
    if (report.type === "progress") onProgress(report.fraction);
    else resolve(report.result);
  });
  thread.on("error", (cause: Error) =>
    reject(ApplicationFailure.create({ message: `${name} failed: ${cause}`, type: "internal", cause })),
  );
  thread.on("exit", () => reject(ApplicationFailure.retryable(`${name} ended without a result`, "internal")));
  try {
    return await promise;
  } finally {
    clearTimeout(late);
    signal.removeEventListener("abort", abort);
    await thread.terminate();
  }
}
