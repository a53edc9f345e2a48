import { fork } from "node:child_process";
import type { FakeStream } from "#tests/fakes/stream.ts";

/** Where a process of Convene works; plain values, since it is told them from outside. */
export interface Place {
  /** Settings of its web server. */
  web: Record<string, string>;
  databaseUrl: string;
  temporal: { address: string; namespace: string; codePath: string };
  taskQueue: string;
  stream: Pick<FakeStream, "apiKey" | "apiSecret" | "baseUrl" | "openAiApiKey">;
  modelUrl: string;
  folder: string;
}

/** A web server and a worker in a process of their own, until it is killed. */
export interface Host {
  url: string;
  kill(): Promise<void>;
}

export async function startHost(place: Place): Promise<Host> {
  const child = fork(new URL("process.ts", import.meta.url), { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.send(place);
  const url = await new Promise<string>((resolve, reject) => {
    child.once("message", (message) => resolve((message as { url: string }).url));
    child.once("exit", (code) => reject(new Error(`The process of Convene ended with ${code}`)));
  });
  return {
    url,
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
