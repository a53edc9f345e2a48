import { getPriority, setPriority } from "node:os";
import { Worker } from "node:worker_threads";
import type { FailureCode } from "#domain/failure.ts";
import { isDiskFull } from "#records/disk-full.ts";
import type { ChildMessage } from "./child.ts";

/** Thrown in a child to end the call with a code of `domain/failure.ts`; any other error is `internal` to the caller. */
export class ChildFailure extends Error {
  readonly code: FailureCode;
  constructor(code: FailureCode, message: string) {
    super(message);
    this.code = code;
  }
}

export type ChildHandler = (input: never, report: (progress: unknown) => void) => Promise<unknown>;

// The event loop of a child may be stuck in native code, so that "disconnect" is never seen: a thread of its own
// notices that the parent is gone. The parent gives its id as an argument: it may be gone before this line runs.
const orphanWatch = `
  const parent = Number(process.argv[2]);
  setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, "SIGKILL"); }, 500);
`;

/** The other end of `startChild`: answers its calls, and ends this process when the parent is gone. */
export function serveChild(handlers: Record<string, ChildHandler>) {
  // Before any native library starts its threads, which take over the priority: decoding must not slow
  // the worker, nor the web, which goes before both.
  setPriority(Math.max(15, getPriority()));
  new Worker(orphanWatch, { eval: true, argv: process.argv.slice(2) }).unref();
  const send = (message: ChildMessage) => {
    if (process.connected) process.send?.(message);
  };
  process.on("disconnect", () => process.exit(0));
  process.on("message", (call: { id: number; method: string; input: unknown }) => {
    const { id } = call;
    void (async () => {
      try {
        const handler = handlers[call.method];
        if (!handler) throw new Error(`No method ${call.method}`);
        const output = await handler(call.input as never, (progress) => send({ type: "progress", id, progress }));
        send({ type: "result", id, output });
      } catch (error) {
        const code = error instanceof ChildFailure ? error.code : isDiskFull(error) ? "storage_full" : null;
        send({ type: "error", id, code, message: error instanceof Error ? error.message : String(error) });
      }
    })();
  });
}

/** Lets messages and signals in between two slices of synchronous work. */
export const yieldToEventLoop = () => new Promise<void>((resolve) => setImmediate(resolve));
