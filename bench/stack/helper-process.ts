import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";

export interface HelperProcess extends AsyncDisposable {
  port: number;
  child: ChildProcess;
}

/** Starts a server of this folder in a process of its own; it sends `{port}` once it listens. */
export async function startHelper(path: string, argument: object): Promise<HelperProcess> {
  const child = fork(new URL(path, import.meta.url), [JSON.stringify(argument)]);
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    child.once("message", (message) => resolve((message as { port: number }).port));
    child.once("exit", (code) => reject(new Error(`${path} ended with ${code} before it listened`)));
  });
  return {
    port,
    child,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
